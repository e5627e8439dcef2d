// The picture: the cost of peers that all propose, as an SVG.

package main

import (
	"bytes"
	"fmt"
	"math"
)

// Point is what so many peers sent in the mean, each change after the other and all at once.
type Point struct {
	Peers           int
	Apart, Together float64
}

const (
	width, height            = 640, 400 // of the picture, in pixels
	left, right, top, bottom = 70, 20, 40, 55
)

// Draw draws the points: both measured curves, and for comparison what N changes cost with nobody in their way,
// N(8f + 6), which grows with the square of N already.
func Draw(points []Point) []byte {
	var b bytes.Buffer
	most := 0.0
	for _, p := range points {
		most = max(most, p.Apart, p.Together)
	}
	step := gridStep(most)
	most = math.Ceil(most/step) * step
	last := float64(points[len(points)-1].Peers)
	x := func(peers float64) float64 { return left + peers/last*(width-left-right) }
	y := func(messages float64) float64 { return height - bottom - messages/most*(height-top-bottom) }

	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="sans-serif" font-size="13">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="white"/>`+"\n", width, height)
	for m := 0.0; m <= most; m += step {
		fmt.Fprintf(&b, `<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#dddddd"/>`+"\n", left, width-right, y(m), y(m))
		fmt.Fprintf(&b, `<text x="%d" y="%.1f" text-anchor="end">%.0f</text>`+"\n", left-8, y(m)+4, m)
	}
	for _, p := range points {
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle">%d</text>`+"\n", x(float64(p.Peers)), height-bottom+20, p.Peers)
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">peers that all propose, N</text>`+"\n", (left+width-right)/2, height-12)
	fmt.Fprintf(&b, `<text x="16" y="%d" text-anchor="middle" transform="rotate(-90 16 %d)">messages until all are done</text>`+"\n", (top+height-bottom)/2, (top+height-bottom)/2)
	curve(&b, points, "#c0392b", "all at once", 0, x, y, func(p Point) float64 { return p.Together })
	curve(&b, points, "#2c6fbb", "one after the other", 1, x, y, func(p Point) float64 { return p.Apart })
	fmt.Fprintln(&b, "</svg>")
	return b.Bytes()
}

// gridStep is a round number of which at most eight reach a value.
func gridStep(most float64) float64 {
	step := math.Pow(10, math.Floor(math.Log10(most)))
	for _, part := range []float64{0.2, 0.5, 1} {
		if most/(step*part) <= 8 {
			return step * part
		}
	}
	return 2 * step
}

// curve draws one curve and its line in the legend.
func curve(b *bytes.Buffer, points []Point, color, name string, line int, x, y func(float64) float64, of func(Point) float64) {
	fmt.Fprintf(b, `<polyline fill="none" stroke="%s" stroke-width="2" points="`, color)
	for _, p := range points {
		fmt.Fprintf(b, "%.1f,%.1f ", x(float64(p.Peers)), y(of(p)))
	}
	fmt.Fprintln(b, `"/>`)
	for _, p := range points {
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`+"\n", x(float64(p.Peers)), y(of(p)), color)
	}
	fmt.Fprintf(b, `<line x1="%d" x2="%d" y1="%d" y2="%d" stroke="%s" stroke-width="2"/>`+"\n", left+20, left+50, top+20*line, top+20*line, color)
	fmt.Fprintf(b, `<text x="%d" y="%d">%s</text>`+"\n", left+58, top+20*line+4, name)
}
