// Content hashes: the same for equal values in every process.

package value

// mix spreads every bit of x over the whole word.
func mix(x uint64) uint64 {
	x ^= x >> 32
	x *= 0xd6e8feb86659fd93
	x ^= x >> 29
	x *= 0xa0761d6478bd642f
	x ^= x >> 32
	return x
}

func hashString(s string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return mix(h ^ uint64(len(s))<<56)
}

// Seeds keep values of different kinds apart: <<>> from {}, 1 from TRUE.
const (
	seedBool   = 0x9ae16a3b2f90404f
	seedInt    = 0xc3a5c85c97cb3127
	seedModel  = 0xb492b66fbe98f273
	seedTuple  = 0x8648dbdb6b3c5d1b
	seedFunc   = 0xe7037ed1a0b428db
	seedSet    = 0x589965cc75374cc3
	seedLazy   = 0x1d8e4e27c47d124f
	seedString = 0xeb44accab455d165
)

// Hash is 64 bits that depend on the value alone, not on the process, the goroutine or the order of events.
func (v Value) Hash() uint64 {
	switch v.tag() {
	case tagBool:
		return mix(seedBool + v.addr())
	case tagInt:
		return mix(seedInt ^ uint64(v.Num()))
	case tagString:
		return stringTable.at(v.addr()).hash ^ seedString
	case tagModel:
		return modelTable.at(v.addr()).hash ^ seedModel
	case tagBig:
		return bigOf(v).hash()
	case tagNone, tagClosure:
		return mix(uint64(v))
	}
	return uint64(hashWord(v))
}

// contentHash computes what Hash returns for an object. Sets and functions add up over their elements, so that the
// order in which elements are kept does not enter, and a trie can keep the sum up to date.
func contentHash(tag uint64, extra Value, elems []Value) uint64 {
	switch tag {
	case tagTuple:
		h := tupleSeed(len(elems))
		for _, e := range elems {
			h = addToTuple(h, e.Hash())
		}
		return h
	case tagRecord, tagFunc:
		var sum uint64
		for i, d := range domainElems(extra) {
			sum += pairHash(d.Hash(), elems[i].Hash())
		}
		return functionHash(sum)
	case tagSet:
		var sum uint64
		for _, e := range elems {
			sum += elementHash(e)
		}
		return setHash(sum, len(elems))
	}
	h := seedLazy + uint64(extra)
	for _, e := range elems {
		h = mix(h*0x9e3779b97f4a7c15 ^ e.Hash())
	}
	return h
}

// tupleSeed and addToTuple make the hash of a tuple of its elements' hashes.
func tupleSeed(n int) uint64 { return seedTuple + uint64(n) }

func addToTuple(h, elem uint64) uint64 { return mix(h*0x9e3779b97f4a7c15 ^ elem) }

// pairHash is what an argument and its value add to the sum that functionHash makes the hash of a function of.
func pairHash(arg, val uint64) uint64 { return mix(arg*0x9e3779b97f4a7c15 + val) }

func functionHash(sum uint64) uint64 { return mix(seedFunc + sum) }

func elementHash(e Value) uint64 { return mix(e.Hash() + seedSet) }

func setHash(sum uint64, n int) uint64 { return mix(sum + uint64(n)*seedSet) }
