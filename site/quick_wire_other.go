//go:build !linux

package site

import "net"

func newWire(conn net.Conn) wire { return plainWire{conn} }
