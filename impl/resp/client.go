// The client: requests in, replies out, over one connection.

package resp

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// Client speaks to one server. It is for one goroutine.
type Client struct {
	conn net.Conn
	w    *bufio.Writer
	d    replyDecoder
}

// Dial connects to a server. config is nil for plaintext.
func Dial(ctx context.Context, address string, config *tls.Config) (*Client, error) {
	var conn net.Conn
	var err error
	if config == nil {
		conn, err = new(net.Dialer).DialContext(ctx, "tcp", address)
	} else {
		conn, err = (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", address)
	}
	if err != nil {
		return nil, err
	}
	return NewClient(conn), nil
}

// NewClient makes a client of a connection.
func NewClient(conn net.Conn) *Client {
	return &Client{
		conn: conn, w: bufio.NewWriterSize(conn, readBytes),
		d: replyDecoder{r: bufio.NewReaderSize(conn, readBytes), limit: 64 << 20},
	}
}

// Close ends the connection.
func (c *Client) Close() error { return c.conn.Close() }

// SetDeadline bounds how long what follows may take, all of it together.
func (c *Client) SetDeadline(t time.Time) error { return c.conn.SetDeadline(t) }

// Do sends a request and waits for its reply. An error reply is no error.
func (c *Client) Do(args ...string) (Reply, error) {
	if err := errors.Join(c.Send(args...), c.Flush()); err != nil {
		return Reply{}, err
	}
	return c.Receive()
}

// Send puts a request into the connection's buffer.
func (c *Client) Send(args ...string) error {
	writeNumber(c.w, '*', int64(len(args)))
	for _, arg := range args {
		writeNumber(c.w, '$', int64(len(arg)))
		c.w.WriteString(arg)
		c.w.WriteString("\r\n")
	}
	_, err := c.w.Write(nil) // the first error stays in the writer
	return err
}

// Flush sends what is in the buffer.
func (c *Client) Flush() error { return c.w.Flush() }

// Receive waits for the reply to the first request that has none yet.
func (c *Client) Receive() (Reply, error) { return c.d.next() }

// replyDecoder reads replies.
type replyDecoder struct {
	r     *bufio.Reader
	limit int // bytes of a reply
}

// replyDepth is how deep lists may be nested.
const replyDepth = 8

// next reads one reply.
func (d *replyDecoder) next() (Reply, error) {
	left := d.limit
	r, err := d.reply(&left, replyDepth)
	if err == io.EOF && left < d.limit {
		err = io.ErrUnexpectedEOF
	}
	return r, err
}

func (d *replyDecoder) reply(left *int, depth int) (Reply, error) {
	kind, text, err := d.line(left)
	if err != nil {
		return Reply{}, err
	}
	switch kind {
	case KindStatus, KindError:
		return Reply{Kind: kind, Text: text}, nil
	case KindNull:
		return Null(), nil
	case KindInteger, KindBulk, KindVerbatim, KindArray, KindMap, KindSet:
	default:
		return Reply{}, malformed("a reply of kind %q", byte(kind))
	}
	n, ok := ParseInteger([]byte(text))
	switch {
	case !ok:
		return Reply{}, malformed("%q is not a number", text)
	case kind == KindInteger:
		return Integer(n), nil
	case n == -1:
		return Null(), nil
	case kind == KindBulk || kind == KindVerbatim:
		return d.bulk(kind, n, left)
	case kind == KindMap:
		n *= 2
	}
	return d.list(kind, n, left, depth-1)
}

// line reads a kind and the rest of its line.
func (d *replyDecoder) line(left *int) (Kind, string, error) {
	line, err := d.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return 0, "", malformed("a line of more than %d bytes", readBytes)
	}
	if err == io.EOF && len(line) > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return 0, "", err
	}
	if len(line) < 3 || line[len(line)-2] != '\r' {
		return 0, "", malformed("an empty line")
	}
	*left -= len(line)
	return Kind(line[0]), string(line[1 : len(line)-2]), nil
}

func (d *replyDecoder) bulk(kind Kind, n int64, left *int) (Reply, error) {
	if n < 0 || n > int64(*left) {
		return Reply{}, malformed("a bulk of %d bytes", n)
	}
	*left -= int(n) + len("\r\n")
	text := make([]byte, n+2)
	if _, err := io.ReadFull(d.r, text); err != nil {
		return Reply{}, unexpected(err)
	}
	if string(text[n:]) != "\r\n" {
		return Reply{}, malformed("a bulk does not end where it says")
	}
	text = text[:n]
	if kind == KindVerbatim {
		if n < 4 || text[3] != ':' {
			return Reply{}, malformed("a verbatim text without a format")
		}
		text = text[4:]
	}
	return Reply{Kind: kind, Bulk: text}, nil
}

func (d *replyDecoder) list(kind Kind, n int64, left *int, depth int) (Reply, error) {
	if n < 0 || n > int64(*left)/replyBytes || depth < 0 {
		return Reply{}, malformed("a list of %d", n)
	}
	*left -= int(n) * replyBytes
	list := make([]Reply, 0, min(n, 64))
	for range n {
		r, err := d.reply(left, depth)
		if err != nil {
			return Reply{}, unexpected(err)
		}
		list = append(list, r)
	}
	return Reply{Kind: kind, List: list}, nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// String shows the reply as redis-cli does, on one line where it can.
func (r Reply) String() string {
	switch r.Kind {
	case KindStatus:
		return r.Text
	case KindError:
		return "(error) " + r.Text
	case KindInteger:
		return "(integer) " + strconv.FormatInt(r.Integer, 10)
	case KindBulk, KindVerbatim:
		return strconv.Quote(string(r.Bulk))
	case KindNull:
		return "(nil)"
	}
	return fmt.Sprint(r.List)
}
