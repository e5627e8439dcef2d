// Pictures: elements of SVG as text, and places that need more than integers.

package eval

import (
	"math"
	"strings"

	"synod/conformance/tla/value"
)

func init() {
	register("SVG", map[string]*builtin{
		"SVGElemToString":   {fn: func(w *Worker, s *site, a []value.Value) value.Value { return value.Str(w.svgText(s, a[0])) }},
		"NodeOfRingNetwork": {fn: nodeOfRing},
		"PointOnLine":       {fn: pointOnLine},
	})
}

// svgText writes an element as text. Names of attributes have dashes where the record's field, which cannot have one, has a _.
func (w *Worker) svgText(s *site, elem value.Value) string {
	part := func(name string) value.Value {
		v, ok := w.solid(s, elem).Field(name)
		if !ok {
			w.fail(s, "an element of SVG is a record with name, attrs, children and innerText, but %s has no %s", value.Brief(elem), name)
		}
		return v
	}
	name, attrs := w.str(s, "the name of an element", part("name")), w.solid(s, part("attrs"))
	if !attrs.IsFunction() {
		w.fail(s, "the attributes of an element are a record or a function, but these are %s %s", attrs.KindName(), value.Brief(attrs))
	}
	var b strings.Builder
	b.WriteString("<" + name)
	for i, key := range attrs.Domain() {
		attr := strings.ReplaceAll(w.str(s, "the name of an attribute", key), "_", "-")
		b.WriteString(" " + attr + "='" + w.str(s, "an attribute", attrs.Values()[i]) + "'")
	}
	text := w.str(s, "the inner text of an element", part("innerText"))
	b.WriteString(">" + strings.NewReplacer("<<", "&lt;&lt;", ">>", "&gt;&gt;").Replace(text))
	for _, child := range w.items(s, "the children of an element", part("children")) {
		w.spend(s, 1)
		b.WriteString(w.svgText(s, child))
	}
	b.WriteString("</" + name + ">")
	return b.String()
}

// nodeOfRing is the place of node n of m on a circle, in whole numbers towards 0.
func nodeOfRing(w *Worker, s *site, args []value.Value) value.Value {
	var n [5]float64
	for i, a := range args {
		n[i] = w.coordinate(s, "NodeOfRingNetwork", a)
	}
	if n[4] == 0 {
		w.fail(s, "NodeOfRingNetwork needs a ring with nodes, but its last argument is 0")
	}
	angle := 2 * math.Pi / n[4] * n[3]
	return point(n[0]+n[2]*math.Cos(angle), n[1]+n[2]*math.Sin(angle))
}

// pointOnLine is the point that lies a segment's part of the way from one point to another.
func pointOnLine(w *Worker, s *site, args []value.Value) value.Value {
	at := func(p value.Value, name string) float64 {
		v, ok := w.solid(s, p).Field(name)
		if !ok {
			w.fail(s, "PointOnLine needs points with x and y, but is given %s", value.Brief(p))
		}
		return w.coordinate(s, "PointOnLine", v)
	}
	segments := w.coordinate(s, "PointOnLine", args[2])
	if segments == 0 {
		w.fail(s, "PointOnLine divides a line into segments, but their number is 0")
	}
	along := func(name string) float64 {
		from := at(args[0], name)
		return from + (at(args[1], name)-from)/segments
	}
	return point(along("x"), along("y"))
}

func (w *Worker) coordinate(s *site, op string, v value.Value) float64 {
	n, ok := v.AsInt()
	if !ok {
		w.fail(s, "%s needs integers, but is given %s %s", op, v.KindName(), value.Brief(v))
	}
	return float64(n)
}

func point(x, y float64) value.Value {
	domain, places := value.RecordDomain([]string{"x", "y"})
	values := make([]value.Value, 2)
	values[places[0]], values[places[1]] = value.Int(int64(x)), value.Int(int64(y))
	return value.Record(domain, values)
}
