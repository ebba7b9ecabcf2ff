package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// A server is one listener and what answers there. Its methods work on nil, for the listener a node does not have.
type server struct {
	listener net.Listener
	http     *http.Server
}

func listen(ctx context.Context, address string) (*server, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; is another Candor running there?", address, err)
	}
	return &server{listener: l}, nil
}

// handle sets what answers, with limits for slow and large requests (B12).
func (s *server) handle(h http.Handler) {
	s.http = &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // strangers' broken TLS and headers are not our news
	}
}

func (s *server) serve(log *slog.Logger, failed chan<- struct{}) {
	go func() {
		if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("serve", "address", s.listener.Addr().String(), "err", err)
			failed <- struct{}{}
		}
	}()
}

func (s *server) stop(ctx context.Context) error {
	if s == nil || s.http == nil {
		return nil
	}
	if err := s.http.Shutdown(ctx); err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

func (s *server) close() {
	if s != nil {
		s.listener.Close()
	}
}
