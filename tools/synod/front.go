// The front: Redis clients of a proposer.

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"synod/impl/admin"
	"synod/impl/keyvalue"
	"synod/impl/resp"
	"synod/impl/server"
	"synod/tools/synod/deployment"
)

// stopPatience is how long clients may take for their last replies when the proposer stops.
const stopPatience = time.Second

// serveRESP gives what a proposer calls to serve Redis clients. It prints one line with the address.
func serveRESP(f *deployment.Front, node string, metrics *admin.Metrics, log *slog.Logger, out io.Writer) func(server.Registers) (func(), error) {
	return func(r server.Registers) (func(), error) {
		l, err := resp.Listen(f.Listen, f.TLS != nil)
		if err != nil {
			return nil, err
		}
		var front *resp.Server
		handler := keyvalue.New(keyvalue.Config{
			Registers: r, Keys: r, Password: f.Password, Closed: f.Closed, Trust: f.Trust,
			Node: node, Version: buildVersion(), Observe: metrics.Command,
			Stats: func() resp.Stats { return front.Stats() },
		})
		front = resp.New(l, resp.Config{Handler: handler, TLS: f.TLS, Limits: f.Limits, Log: log.With("node", node)})
		fmt.Fprintf(out, "synod resp %s listens on %s\n", node, l.Addr())
		return func() {
			ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
			defer cancel()
			front.Stop(ctx)
		}, nil
	}
}
