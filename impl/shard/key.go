// Keys: which shard a key is in.

package shard

import (
	"hash/crc32"
	"strconv"
	"strings"
)

// Number is how many shards a service of keys has. They are called "0" to "255".
const Number = 256

// Names lists them.
func Names() []string {
	names := make([]string, Number)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

// Of gives the shard of a key. Where a part of the key stands in braces that part alone counts, as in Redis Cluster: all
// keys with "{user7}" in them are in one shard.
func Of(key string) string {
	if _, behind, found := strings.Cut(key, "{"); found {
		if tag, _, closed := strings.Cut(behind, "}"); closed && tag != "" {
			key = tag
		}
	}
	return strconv.Itoa(int(crc32.ChecksumIEEE([]byte(key)) % Number))
}
