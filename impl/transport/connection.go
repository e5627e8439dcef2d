// Calls: how gRPC serves and dials, and what it allows.

package transport

import (
	"fmt"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

// maxConnections is how many connections a node serves at once; further ones wait.
const maxConnections = 1024

// NewServer makes a gRPC server for a Port, which bounds what one peer can ask of it.
func NewServer() *grpc.Server {
	return grpc.NewServer(
		grpc.Creds(shaken{insecure.NewCredentials()}),
		grpc.ForceServerCodecV2(codec{}),
		grpc.MaxRecvMsgSize(MaxFrame),
		grpc.MaxConcurrentStreams(4096),
		grpc.ConnectionTimeout(5*time.Second),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: 10 * time.Second, Timeout: 5 * time.Second}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 5 * time.Second, PermitWithoutStream: true}),
	)
}

// Dial prepares a connection, which is made in the background, and again whenever it breaks. Without credentials
// the address must be on loopback.
func Dial(address string, creds credentials.TransportCredentials) (*grpc.ClientConn, error) {
	if err := Allow(address, creds != nil); err != nil {
		return nil, err
	}
	if creds == nil {
		creds = insecure.NewCredentials()
	}
	return grpc.NewClient("passthrough:///"+address,
		grpc.WithTransportCredentials(creds),
		grpc.WithNoProxy(),
		grpc.WithDisableRetry(),
		grpc.WithDisableServiceConfig(),
		grpc.WithDefaultCallOptions(grpc.ForceCodecV2(codec{}), grpc.MaxCallRecvMsgSize(MaxFrame)),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: minPause, Multiplier: 2, Jitter: 0.5, MaxDelay: maxPause},
			MinConnectTimeout: 2 * time.Second,
		}),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second, Timeout: 5 * time.Second}),
	)
}

// Allow refuses addresses that are none, and plaintext beyond this machine.
func Allow(address string, encrypted bool) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("address %q is not host:port", address)
	}
	if ip := net.ParseIP(host); !encrypted && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("address %q is not on loopback: plaintext connections stay on this machine", address)
	}
	return nil
}
