package main

import (
	"bufio"
	"net"
	"sync/atomic"
)

// A job is what all connections share.
type job struct {
	addr, mode, body string
	total, per       int // messages in all, and on one connection (0: no limit)
	next             atomic.Int64
}

// take draws the next message for a connection that has sent done of them.
func (j *job) take(done int) (id int64, ok bool) {
	if j.per > 0 && done >= j.per {
		return 0, false
	}
	id = j.next.Add(1)
	return id, id <= int64(j.total)
}

// push sends over one connection and says whether another one is to follow.
func (j *job) push() (more bool, err error) {
	dialled, err := net.Dial("tcp", j.addr)
	if err != nil {
		return false, err
	}
	defer dialled.Close()
	c := &conn{net: dialled, r: bufio.NewReader(dialled), buf: make([]byte, 0, len(j.body)+1024), body: j.body}
	if err := c.expect("220"); err != nil {
		return false, err
	}
	c.buf = append(c.buf, "EHLO push.invalid\r\n"...)
	if err := c.send("250"); err != nil {
		return false, err
	}
	done := 0
	for id, ok := j.take(done); ok; {
		if err := j.open(c, id, done == 0); err != nil {
			return false, err
		}
		c.message(id)
		done++
		if id, ok = j.take(done); ok && j.mode == "chain" {
			c.envelope(id)
		}
		if err := c.send("250"); err != nil {
			return false, err
		}
	}
	more = j.per > 0 && done >= j.per && j.next.Load() < int64(j.total)
	c.buf = append(c.buf, "QUIT\r\n"...)
	return more, c.send("221")
}

// open says the envelope. In a chain all but the first went out behind the message before: only its replies are left to read.
func (j *job) open(c *conn, id int64, first bool) error {
	if j.mode == "one" {
		return c.oneByOne(id)
	}
	if j.mode == "group" || first {
		c.envelope(id)
	}
	return c.send("250", "250", "354")
}
