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

// serveRESP gives what a proposer calls to serve Redis clients.
func serveRESP(f *deployment.Front, node string, metrics *admin.Metrics, log *slog.Logger, out io.Writer) func(server.Registers) (func(), error) {
	return func(r server.Registers) (func(), error) {
		return openFront(f, keyvalue.Config{Registers: r, Keys: r, Node: node}, metrics, log, out)
	}
}

// openFront serves Redis clients with what cfg says, and gives what ends that. It prints one line with the address.
func openFront(f *deployment.Front, cfg keyvalue.Config, metrics *admin.Metrics, log *slog.Logger, out io.Writer) (stop func(), err error) {
	l, err := resp.Listen(f.Listen, f.TLS != nil)
	if err != nil {
		return nil, err
	}
	var front *resp.Server
	cfg.Password, cfg.Closed, cfg.Trust = f.Password, f.Closed, f.Trust
	cfg.Version, cfg.Observe = buildVersion(), metrics.Command
	cfg.Stats = func() resp.Stats { return front.Stats() }
	front = resp.New(l, resp.Config{Handler: keyvalue.New(cfg), TLS: f.TLS, Limits: f.Limits, Log: log.With("node", cfg.Node)})
	fmt.Fprintf(out, "synod resp %s listens on %s\n", cfg.Node, l.Addr())
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
		defer cancel()
		front.Stop(ctx)
	}, nil
}
