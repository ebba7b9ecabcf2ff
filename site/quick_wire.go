package site

import "net"

// A wire carries bytes to and from a visitor.
type wire interface {
	receive(p []byte) (n int, err error)
	send(head, body []byte) error
}

// plainWire works with any connection.
type plainWire struct{ net.Conn }

func (w plainWire) receive(p []byte) (int, error) { return w.Read(p) }

func (w plainWire) send(head, body []byte) error {
	parts := net.Buffers{head, body}
	_, err := parts.WriteTo(w.Conn)
	return err
}
