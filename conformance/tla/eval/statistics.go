// Statistical tests: the goodness of fit.

package eval

import (
	"math"
	"strconv"

	"synod/conformance/tla/value"
)

func init() {
	register("Statistics", map[string]*builtin{"ChiSquare": {fn: chiSquare}})
}

// chiSquare tells whether what was counted is compatible with what was expected: FALSE where a deviation as large would be less
// likely than alpha. What was expected is scaled to what was counted in all.
func chiSquare(w *Worker, s *site, args []value.Value) value.Value {
	expected, actual := w.numbers(s, "first", args[0]), w.numbers(s, "second", args[1])
	alpha, err := strconv.ParseFloat(w.str(s, "ChiSquare", args[2]), 64)
	switch {
	case err != nil || !(alpha > 0 && alpha <= 0.5):
		w.fail(s, "ChiSquare needs a level of significance above 0 and up to 0.5, as a string such as \"0.05\", but is given %s", value.Brief(args[2]))
	case len(expected) != len(actual) || len(expected) < 2:
		w.fail(s, "ChiSquare needs two functions with as many arguments, at least 2, but is given %d and %d", len(expected), len(actual))
	}
	var sumExpected, sumActual, deviation float64
	for i := range expected {
		if expected[i] <= 0 || actual[i] < 0 {
			w.fail(s, "ChiSquare needs positive numbers that are expected and none that is negative, but is given %s and %s", value.Brief(args[0]), value.Brief(args[1]))
		}
		sumExpected += expected[i]
		sumActual += actual[i]
	}
	for i := range expected {
		want := expected[i] * sumActual / sumExpected
		if want > 0 {
			deviation += (actual[i] - want) * (actual[i] - want) / want
		}
	}
	return value.Bool(upperGamma(float64(len(expected)-1)/2, deviation/2) >= alpha)
}

// numbers are the values of a function to integers, in the order of its domain.
func (w *Worker) numbers(s *site, which string, f value.Value) []float64 {
	f = w.solid(s, f)
	if !f.IsFunction() {
		w.fail(s, "the %s argument of ChiSquare must be a function, but it is %s %s", which, f.KindName(), value.Brief(f))
	}
	var out []float64
	for _, v := range f.Values() {
		n, ok := v.AsInt()
		if !ok {
			w.fail(s, "the %s argument of ChiSquare must be a function to integers, but one value is %s %s", which, v.KindName(), value.Brief(v))
		}
		out = append(out, float64(n))
	}
	return out
}

// upperGamma is the regularised upper incomplete gamma function Q(a, x): by the series for small x, by the continued fraction
// (Lentz's method) for large x.
func upperGamma(a, x float64) float64 {
	if x <= 0 {
		return 1
	}
	const steps, precision, tiny = 10_000, 1e-15, 1e-300
	logGamma, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(x) - x - logGamma)
	if x < a+1 {
		term := 1 / a
		sum := term
		for n := 1.0; n < steps && term > sum*precision; n++ {
			term *= x / (a + n)
			sum += term
		}
		return 1 - front*sum
	}
	b := x + 1 - a
	c, d := 1/tiny, 1/b
	h := d
	for n := 1.0; n < steps; n++ {
		factor := n * (a - n)
		b += 2
		d = 1 / nonzero(factor*d+b, tiny)
		c = nonzero(b+factor/c, tiny)
		h *= c * d
		if math.Abs(c*d-1) < precision {
			break
		}
	}
	return front * h
}

func nonzero(x, tiny float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}
