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

(* The element as text, and the place of node n of m on a circle: the engine computes them. *)
SVGElemToString(elem) == CHOOSE text \in STRING : TRUE

NodeOfRingNetwork(cx, cy, r, n, m) == CHOOSE p \in [x : Int, y : Int] : TRUE

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
