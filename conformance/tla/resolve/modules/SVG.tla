-------------------------------- MODULE SVG ---------------------------------
(* Pictures of states: the elements of SVG as records with a name, attributes, children and inner text. *)
LOCAL INSTANCE Integers
LOCAL INSTANCE Sequences
LOCAL INSTANCE TLC
LOCAL INSTANCE IOUtils

SVGElem(_name, _attrs, _children, _innerText) ==
  [name |-> _name, attrs |-> _attrs, children |-> _children, innerText |-> _innerText]

Line(x1, y1, x2, y2, attrs) ==
  SVGElem("line", [x1 |-> ToString(x1), y1 |-> ToString(y1), x2 |-> ToString(x2), y2 |-> ToString(y2)] @@ attrs, <<>>, "")

Circle(cx, cy, r, attrs) ==
  SVGElem("circle", [cx |-> ToString(cx), cy |-> ToString(cy), r |-> ToString(r)] @@ attrs, <<>>, "")

Rect(x, y, w, h, attrs) ==
  SVGElem("rect",
          [x |-> ToString(x), y |-> ToString(y), width |-> ToString(w), height |-> ToString(h)] @@ attrs, <<>>, "")

Text(x, y, text, attrs) == SVGElem("text", [x |-> ToString(x), y |-> ToString(y)] @@ attrs, <<>>, text)

Image(x, y, width, height, href, attrs) ==
  SVGElem("image",
          ("xlink:href" :> href)
            @@ [x |-> ToString(x), y |-> ToString(y), width |-> ToString(width), height |-> ToString(height)]
            @@ attrs,
          <<>>, "")

Group(children, attrs) == SVGElem("g", attrs, children, "")

Svg(children, attrs) == SVGElem("svg", attrs, children, "")

(* A whole document that shows the rectangle of this place and size. *)
SVGDoc(children, vbX, vbY, vbW, vbH, attrs) ==
  Svg(<<children>>,
      ("xmlns" :> "http://www.w3.org/2000/svg")
        @@ ("xmlns:xlink" :> "http://www.w3.org/1999/xlink")
        @@ ("viewBox" :> ToString(vbX) \o " " \o ToString(vbY) \o " " \o ToString(vbW) \o " " \o ToString(vbH))
        @@ attrs)

(* The element as text. *)
SVGElemToString(elem) ==
  LET RECURSIVE attributes(_, _)
      attributes(f, S) ==
        IF S = {} THEN ""
        ELSE LET a == CHOOSE b \in S : TRUE IN " " \o a \o "='" \o f[a] \o "'" \o attributes(f, S \ {a})
      RECURSIVE element(_), elements(_)
      elements(s) == IF s = <<>> THEN "" ELSE element(Head(s)) \o elements(Tail(s))
      element(e) ==
        "<" \o e.name \o attributes(e.attrs, DOMAIN e.attrs) \o ">"
          \o e.innerText \o elements(e.children) \o "</" \o e.name \o ">"
  IN element(elem)

(* 1000 times the sine of an angle in degrees, by Bhaskara's approximation. *)
LOCAL Sine(angle) ==
  LET a == angle % 360
      half(d) == (4000 * d * (180 - d)) \div (40500 - d * (180 - d))
  IN IF a \leq 180 THEN half(a) ELSE -half(a - 180)

(* The place of node n of m on a circle. *)
NodeOfRingNetwork(cx, cy, r, n, m) ==
  LET angle == (360 * n) \div m
  IN [x |-> cx + (r * Sine(angle + 90)) \div 1000, y |-> cy + (r * Sine(angle)) \div 1000]

(* Places for the nodes of a graph: on a circle. *)
NodesOfDirectedMultiGraph(nodes, edges, options) ==
  LET RECURSIVE place(_, _)
      place(S, n) ==
        IF S = {} THEN <<>>
        ELSE LET v == CHOOSE e \in S : TRUE
             IN (v :> NodeOfRingNetwork(500, 500, 400, n, 24)) @@ place(S \ {v}, n + 1)
  IN place(nodes, 0)

(* The point that lies a segment's part of the way from one point to another. *)
PointOnLine(from, to, segment) ==
  [x |-> from.x + (to.x - from.x) \div segment, y |-> from.y + (to.y - from.y) \div segment]

(* Writes a picture to a file whose name ends in the number of the frame. *)
SVGSerialize(svg, frameNamePrefix, frameNumber) ==
  Serialize(SVGElemToString(svg), frameNamePrefix \o zeroPadN(frameNumber, 3) \o ".svg",
            [format |-> "TXT", charset |-> "UTF-8", openOptions |-> <<"WRITE", "CREATE", "TRUNCATE_EXISTING">>])
=============================================================================
