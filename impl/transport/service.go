// Services: what acceptors and proposers answer to, as gRPC sees it.

package transport

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"synod/impl/certificate"
	"synod/impl/paxos"
)

// AcceptorService answers proposers' streams.
type AcceptorService struct {
	Self Hello
	// Generation gives the acceptor's generation as it is now; nil leaves it out of greetings.
	Generation func() (incarnation, commits uint64)
	// Promised gives the largest ballot that the acceptor has promised, for proposers that ask; nil stands for 0.
	Promised func() (paxos.Ballot, error)
	Check    func(proposer Hello) error // refuses a proposer that does not belong here
	Receive  func(from *Link, batch []Envelope)
	Counters *Counters
	// Keys lists keys as it is asked to.
	Keys func(KeysRequest) (KeysReply, error)
}

// Link is an acceptor's way back to one proposer. It lasts as long as the stream.
type Link struct {
	queue *queue
}

// Send hands answers over and never blocks. They may get lost.
func (l *Link) Send(batch []Envelope) { l.queue.put(batch) }

// Register makes a port, and the server of its calls, answer proposers. Receive is called by one goroutine for each
// stream; that it blocks slows the stream down, and in the end its sender.
func (a *AcceptorService) Register(p *Port, s *grpc.Server) {
	p.streams = a.exchange
	s.RegisterService(&grpc.ServiceDesc{
		ServiceName: "synod.Acceptor", HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{unary("Keys", admitted(a.Self.Cluster, RoleProposer, a.keys))},
	}, a)
}

// exchange serves one stream until it breaks. The goroutine that sends ends soon after, when sending fails or it
// finds the queue closed.
func (a *AcceptorService) exchange(s *stream) {
	proposer, err := a.greet(s)
	if err != nil {
		s.send(&frame{refused: clip(err.Error())}) // for its log
		return
	}
	link := &Link{queue: newQueue(a.Counters)}
	defer link.queue.close()
	go func() {
		defer s.conn.Close()
		link.queue.pump(nil, s.send)
	}()
	for {
		f, err := s.receive()
		if err != nil || f.hello != nil || f.refused != "" {
			return
		}
		if len(f.batch) > 0 {
			deliver(f.batch, proposer, a.Counters)
			a.Receive(link, f.batch)
		}
	}
}

// greet exchanges greetings.
func (a *AcceptorService) greet(s *stream) (*Hello, error) {
	f, err := s.receiveGreeting()
	if err != nil {
		return nil, err
	}
	if f.hello == nil || f.hello.Role != RoleProposer {
		return nil, errors.New("a stream begins with a proposer's greeting")
	}
	if err := certified(s.info, f.hello); err != nil {
		return nil, err
	}
	if err := a.Check(*f.hello); err != nil {
		return nil, err
	}
	self, err := a.self(f.hello)
	if err != nil {
		return nil, err
	}
	if err := s.send(&frame{hello: self}); err != nil {
		return nil, err
	}
	s.begin()
	return f.hello, nil
}

// self gives the greeting of this acceptor for a proposer.
func (a *AcceptorService) self(proposer *Hello) (*Hello, error) {
	self := a.Self
	if a.Generation != nil {
		self.Incarnation, self.Commits = a.Generation()
	}
	var err error
	if proposer.Learns && a.Promised != nil {
		self.Promised, err = a.Promised()
	}
	return &self, err
}

// clip cuts a text to what a refusal may hold.
func clip(text string) string { return strings.ToValidUTF8(text[:min(len(text), maxWhy)], "") }

// keysMethod lists keys, some at a time.
const keysMethod = "/synod.Acceptor/Keys"

// KeysRequest asks an acceptor for keys above one, in order, of registers that have accepted a state: for so many, or,
// of so many, for those that have no entry at a time by what this acceptor holds.
type KeysRequest struct {
	After  string `json:"after"`
	Limit  int    `json:"limit"`
	Absent int64  `json:"absent,omitempty"` // the time in Unix ms; 0 asks for all
}

// KeysReply lists them.
type KeysReply struct {
	Keys []string `json:"keys"`
	More bool     `json:"more"`           // there are keys above the last
	Last string   `json:"last,omitempty"` // Absent: the last key that was looked at
}

// maxKeys is how many keys one reply has at most, so that it fits into a frame whatever they are.
const maxKeys = 2000

func (a *AcceptorService) keys(_ context.Context, q *KeysRequest) (*KeysReply, error) {
	q.Limit = max(1, min(q.Limit, maxKeys))
	reply, err := a.Keys(*q)
	if err != nil {
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	return &reply, nil
}

// ClientService is what a proposer does for clients.
type ClientService interface {
	Change(context.Context, *ChangeRequest) (*ChangeReply, error)
	Resolve(context.Context, *ResolveRequest) (*ResolveReply, error)
	Read(context.Context, *ReadRequest) (*EntryReply, error)
	Request(context.Context, *EntryRequest) (*EntryReply, error)
}

// RegisterClientService makes s answer clients of a cluster.
func RegisterClientService(s *grpc.Server, cluster string, c ClientService) {
	s.RegisterService(&grpc.ServiceDesc{
		ServiceName: "synod.Register", HandlerType: (*ClientService)(nil),
		Methods: []grpc.MethodDesc{
			unary("Change", admitted(cluster, certificate.Client, c.Change)),
			unary("Resolve", admitted(cluster, certificate.Client, c.Resolve)),
			unary("Read", admitted(cluster, certificate.Client, c.Read)),
			unary("Request", admitted(cluster, certificate.Client, c.Request)),
		},
	}, c)
}

// admitted serves only those who have a role in the cluster.
func admitted[Q, R any](
	cluster, role string, serve func(context.Context, *Q) (*R, error),
) func(context.Context, *Q) (*R, error) {
	return func(ctx context.Context, q *Q) (*R, error) {
		if err := admit(ctx, cluster, role); err != nil {
			return nil, err
		}
		return serve(ctx, q)
	}
}

// RegisterStatus makes s tell how its node is.
func RegisterStatus(s *grpc.Server, tell func() *Status) {
	answer := func(context.Context, *StatusRequest) (*Status, error) { return tell(), nil }
	s.RegisterService(&grpc.ServiceDesc{
		ServiceName: "synod.Node", HandlerType: (*any)(nil), Methods: []grpc.MethodDesc{unary("Status", answer)},
	}, nil)
}

// MembershipService is what a proposer does for operators who change the cluster's acceptors.
type MembershipService interface {
	Membership(context.Context, *MembershipRequest) (*MembershipReply, error)
	Begin(context.Context, *BeginRequest) (*BeginReply, error)
	Adopt(context.Context, *AdoptRequest) (*MembershipReply, error)
	Rewrite(context.Context, *RewriteRequest) (*RewriteReply, error)
}

const membershipService = "synod.Membership"

// RegisterMembershipService makes s answer a cluster's operators.
func RegisterMembershipService(s *grpc.Server, cluster string, m MembershipService) {
	s.RegisterService(&grpc.ServiceDesc{
		ServiceName: membershipService, HandlerType: (*MembershipService)(nil),
		Methods: []grpc.MethodDesc{
			unary("Membership", admitted(cluster, certificate.Operator, m.Membership)),
			unary("Begin", admitted(cluster, certificate.Operator, m.Begin)),
			unary("Adopt", admitted(cluster, certificate.Operator, m.Adopt)),
			unary("Rewrite", admitted(cluster, certificate.Operator, m.Rewrite)),
		},
	}, m)
}

// AskMembership asks the proposer at conn for its configuration.
func AskMembership(ctx context.Context, conn *grpc.ClientConn) (*MembershipReply, error) {
	r := new(MembershipReply)
	return r, conn.Invoke(ctx, "/"+membershipService+"/Membership", &MembershipRequest{}, r)
}

// Begin asks the proposer at conn to have a plan agreed upon.
func Begin(ctx context.Context, conn *grpc.ClientConn, q *BeginRequest) (*BeginReply, error) {
	r := new(BeginReply)
	return r, conn.Invoke(ctx, "/"+membershipService+"/Begin", q, r)
}

// Adopt asks the proposer at conn to adopt a configuration.
func Adopt(ctx context.Context, conn *grpc.ClientConn, q *AdoptRequest) (*MembershipReply, error) {
	r := new(MembershipReply)
	return r, conn.Invoke(ctx, "/"+membershipService+"/Adopt", q, r)
}

// Rewrite asks the proposer at conn to write every register anew, or how far that has come.
func Rewrite(ctx context.Context, conn *grpc.ClientConn, q *RewriteRequest) (*RewriteReply, error) {
	r := new(RewriteReply)
	return r, conn.Invoke(ctx, "/"+membershipService+"/Rewrite", q, r)
}

// unary describes a call of one request and one reply.
func unary[Q, R any](name string, serve func(context.Context, *Q) (*R, error)) grpc.MethodDesc {
	return grpc.MethodDesc{MethodName: name, Handler: func(
		_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor,
	) (any, error) {
		request := new(Q)
		if err := decode(request); err != nil {
			return nil, err
		}
		return serve(ctx, request)
	}}
}

// Change asks the proposer at conn for a change.
func Change(ctx context.Context, conn *grpc.ClientConn, q *ChangeRequest) (*ChangeReply, error) {
	r := new(ChangeReply)
	return r, conn.Invoke(ctx, "/synod.Register/Change", q, r)
}

// Resolve asks the proposer at conn what became of a change.
func Resolve(ctx context.Context, conn *grpc.ClientConn, q *ResolveRequest) (*ResolveReply, error) {
	r := new(ResolveReply)
	return r, conn.Invoke(ctx, "/synod.Register/Resolve", q, r)
}

// Read asks the proposer at conn what a key holds.
func Read(ctx context.Context, conn *grpc.ClientConn, q *ReadRequest) (*EntryReply, error) {
	r := new(EntryReply)
	return r, conn.Invoke(ctx, "/synod.Register/Read", q, r)
}

// Request asks the proposer at conn for a change that may be asked for again.
func Request(ctx context.Context, conn *grpc.ClientConn, q *EntryRequest) (*EntryReply, error) {
	r := new(EntryReply)
	return r, conn.Invoke(ctx, "/synod.Register/Request", q, r)
}

// AskStatus asks the node at conn how it is.
func AskStatus(ctx context.Context, conn *grpc.ClientConn) (*Status, error) {
	r := new(Status)
	return r, conn.Invoke(ctx, "/synod.Node/Status", &StatusRequest{}, r)
}
