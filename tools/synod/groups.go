// Several groups on one server: each has a replica here, and they share out the keys.

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"synod/impl/groups"
	"synod/impl/journal"
	"synod/impl/keyvalue"
	"synod/impl/replica"
	"synod/impl/shard"
	"synod/trace"
)

// groupNames lists the groups of a server that has so many. The first one keeps the map of shards.
func groupNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("g%d", i+1)
	}
	return names
}

// maxGroups is how many groups there may be: one for each shard.
const maxGroups = shard.Number

// checkFolder refuses a data folder of a server whose keys are not in shards where they are to be, and the other way
// round: its keys would seem to be lost.
func checkFolder(folder string, n int) error {
	made := func(path ...string) bool {
		_, err := os.Stat(filepath.Join(append([]string{folder}, path...)...))
		return err == nil
	}
	switch {
	case n < 0 || n > maxGroups:
		return fmt.Errorf("there are 1 to %d groups, or none, and not %d", maxGroups, n)
	case n > 0 && made("LOCK"):
		return fmt.Errorf("data folder %s was made by a server without groups", folder)
	case n == 0 && made("g1"):
		return fmt.Errorf("data folder %s was made by a server with groups", folder)
	case made(fmt.Sprintf("g%d", n+1)):
		return fmt.Errorf("data folder %s was made by a server with more than %d groups", folder, n)
	}
	return nil
}

// share adds a replica of each group, with a port for Redis clients if there is a front.
func (m *machine) share(server keyServer) {
	cfg, names := server.cfg, groupNames(server.groups)
	configs := make([]replica.Config, len(names))
	for i, name := range names {
		configs[i] = cfg
		configs[i].Metrics = m.metrics.Node(cfg.ID+"."+name, replica.Role, len(cfg.Cluster.Replicas))
	}
	m.add(func(ctx context.Context) (err error) {
		s := &sharing{server: server, names: names, all: map[string]groups.Group{}, failed: make(chan struct{}, len(names))}
		port, err := replica.Listen(cfg.Listen, cfg.TLS, cfg.Log)
		if err != nil {
			return err
		}
		defer func() {
			err = errors.Join(err, s.stop())
			port.Close()
		}()
		for i := range names {
			configs[i].Port = port
			if err := s.start(configs[i], names[i]); err != nil {
				return fmt.Errorf("group %s: %w", names[i], err)
			}
		}
		fmt.Fprintf(server.out, "synod replica %s listens on %s\n", cfg.ID, port.Address())
		if server.front != nil {
			shared := keyvalue.NewSharded(names, s.all)
			shared.Bugs = server.bugs.shard
			stop, err := openFront(server.front, keyvalue.Config{Log: shared, Node: cfg.ID}, configs[0].Metrics, cfg.Log, server.out)
			if err != nil {
				return err
			}
			defer stop()
		}
		select {
		case <-ctx.Done():
		case <-s.failed:
		}
		return nil
	})
}

// sharing is the replicas of a server, one of each group.
type sharing struct {
	server   keyServer
	names    []string
	all      map[string]groups.Group
	replicas []*replica.Replica
	journals []*journal.Machine
	locks    lockTraces
	failed   chan struct{}
}

// start starts the replica of a group. Its state is in a folder of its own, and so is its trace in two files: what the log
// does, and what the group does with its shards.
func (s *sharing) start(cfg replica.Config, name string) (err error) {
	cfg.Group, cfg.DataDir = name, filepath.Join(cfg.DataDir, name)
	clocked, m := keyvalue.Sharing(name, s.names[0])
	m.Bugs, cfg.Machine = s.server.bugs.shard, clocked
	if name == s.names[0] { // the locks are there
		if s.locks, err = s.server.traceLocks(clocked); err != nil {
			return err
		}
	}
	if path := cfg.TracePath; path != "" {
		base := strings.TrimSuffix(path, ".ndjson")
		cfg.TracePath = base + "." + name + ".ndjson"
		j, err := journal.OpenMachine(base+"."+name+".shards.ndjson", trace.Header{
			Spec: shard.SpecPath, Node: name, Constants: journal.Fields(shard.Constants(s.names)),
		})
		if err != nil {
			return err
		}
		j.Ended = s.server.endOf(cfg.TracePath, "shards")
		m.Record, s.journals = j.Record, append(s.journals, j)
	}
	r, err := replica.Start(cfg)
	if err != nil {
		return err
	}
	s.replicas, s.all[name] = append(s.replicas, r), logged{r}
	go func() {
		<-r.Done()
		s.failed <- struct{}{}
	}()
	return nil
}

// stop stops all replicas, and gives why those ended that ended by themselves.
func (s *sharing) stop() (err error) {
	for _, r := range s.replicas {
		err = errors.Join(err, r.Stop())
	}
	for _, j := range s.journals {
		err = errors.Join(err, j.Close())
	}
	return errors.Join(err, s.locks.close())
}
