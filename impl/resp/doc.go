// The package comment: what the package speaks, and what it bounds.

// Package resp serves the protocol of Redis, RESP2 and RESP3, to clients over TCP: Server. It knows how requests and
// replies look on the wire, and no command; a Handler is given each Request and answers it whenever it can.
//
// Clients may send requests without waiting for replies. Up to Limits.Pipeline of one connection's requests are with
// the handler at once; the replies leave in the order of the requests.
//
// What a client can make the server hold is bounded. A request is refused by its announced sizes, before anything is
// allocated for it. Beyond a little that each connection has for itself, all requests share one Budget and all unsent
// replies another: connections that are slow to send or to receive wait for their part of it, and in the end are
// closed, but take nothing from those that are not.
package resp
