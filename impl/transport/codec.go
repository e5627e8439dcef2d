// Codec: frames in binary, everything else in JSON.

package transport

import (
	"encoding/json"
	"fmt"

	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
)

// binaryMessage is a message with an encoding of its own.
type binaryMessage interface {
	marshal() []byte
	unmarshal([]byte) error
}

// codec implements encoding.CodecV2 for this package's messages. An error from it ends the call or stream.
type codec struct{}

var _ encoding.CodecV2 = codec{}

// Name implements encoding.CodecV2.
func (codec) Name() string { return "synod" }

// Marshal implements encoding.CodecV2.
func (codec) Marshal(v any) (mem.BufferSlice, error) {
	if m, ok := v.(binaryMessage); ok {
		return mem.BufferSlice{mem.SliceBuffer(m.marshal())}, nil
	}
	b, err := json.Marshal(v)
	return mem.BufferSlice{mem.SliceBuffer(b)}, err
}

// Unmarshal implements encoding.CodecV2. What it hands on holds no part of data.
func (codec) Unmarshal(data mem.BufferSlice, v any) error {
	b := data.MaterializeToBuffer(mem.DefaultBufferPool())
	defer b.Free()
	if m, ok := v.(binaryMessage); ok {
		return m.unmarshal(b.ReadOnlyData())
	}
	if err := json.Unmarshal(b.ReadOnlyData(), v); err != nil {
		return fmt.Errorf("malformed request: %w", err)
	}
	return nil
}
