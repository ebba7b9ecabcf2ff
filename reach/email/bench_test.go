package email

import (
	"bytes"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"candor/id"
	"candor/reach"
	"candor/tools/sink"
)

// BenchmarkSend is what one machine sends with the relay on the same machine: compose, hand over, wait for the 250.
// CPU counts the sink as well, which runs in this process; BenchmarkCompose is the sender's larger part alone.
func BenchmarkSend(b *testing.B) {
	for _, connections := range []int{1, 8, 50} {
		b.Run(fmt.Sprintf("connections=%d", connections), func(b *testing.B) {
			channel, server := benchChannel(b, sink.Config{}), connections
			fanOut(b, server, func(next func() (int, bool)) error {
				session, err := channel.Open(b.Context())
				if err != nil {
					return err
				}
				defer session.Close()
				for n, ok := next(); ok; n, ok = next() {
					if r := session.Send(b.Context(), benchMessage(n)); r.Outcome != reach.Taken {
						return fmt.Errorf("message %d: %+v", n, r)
					}
				}
				return nil
			})
		})
	}
}

// BenchmarkWire shows what pipelining is worth: the same letters by our client and by go-smtp's, next door and 5 ms away. Ours stays as
// long as the ratio is above 1.3.
func BenchmarkWire(b *testing.B) {
	for _, rtt := range []time.Duration{0, 5 * time.Millisecond} {
		b.Run(fmt.Sprintf("rtt=%s/ours", rtt), func(b *testing.B) {
			channel := benchChannel(b, sink.Config{RTT: rtt})
			l, err := channel.compose(benchMessage(0))
			if err != nil {
				b.Fatal(err)
			}
			fanOut(b, 50, func(next func() (int, bool)) error {
				opened, err := channel.Open(b.Context())
				if err != nil {
					return err
				}
				defer opened.Close()
				for _, ok := next(); ok; _, ok = next() {
					if r, _ := opened.(*session).transact(b.Context(), l); r.Outcome != reach.Taken {
						return fmt.Errorf("%+v", r)
					}
				}
				return nil
			})
		})
		b.Run(fmt.Sprintf("rtt=%s/go-smtp", rtt), func(b *testing.B) {
			channel := benchChannel(b, sink.Config{RTT: rtt})
			m := benchMessage(0)
			content, err := render(m, m.From.Address, m.To)
			if err != nil {
				b.Fatal(err)
			}
			fanOut(b, 50, func(next func() (int, bool)) error {
				client, err := smtp.Dial(fmt.Sprintf("127.0.0.1:%d", channel.config.Port))
				if err != nil {
					return err
				}
				defer client.Close()
				for _, ok := next(); ok; _, ok = next() {
					if err := client.SendMail(m.ReturnPath, []string{m.To}, bytes.NewReader(content)); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
}

func BenchmarkCompose(b *testing.B) {
	channel := benchChannel(b, sink.Config{})
	for b.Loop() {
		if _, err := channel.compose(benchMessage(1)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkComposeSigned(b *testing.B) {
	for _, kind := range []string{"ed25519", "rsa"} {
		b.Run(kind, func(b *testing.B) {
			key, _ := testKey(b, kind)
			channel, err := New(Config{Host: "127.0.0.1", DKIM: []DKIM{{Domain: "status.example", Selector: "c", KeyPEM: key}}})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := channel.compose(benchMessage(1)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fanOut shares b.N messages among connections and reports messages a second and CPU a message, both ends together.
func fanOut(b *testing.B, connections int, send func(next func() (int, bool)) error) {
	b.Helper()
	var taken atomic.Int64
	next := func() (int, bool) { n := taken.Add(1); return int(n), n <= int64(b.N) }
	var group sync.WaitGroup
	cpu := cpuTime()
	b.ResetTimer()
	for range connections {
		group.Go(func() {
			if err := send(next); err != nil {
				b.Error(err)
			}
		})
	}
	group.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msgs/s")
	b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/float64(b.N), "cpu-µs/msg")
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchChannel(b *testing.B, behaviour sink.Config) *Channel {
	b.Helper()
	_, port := startSink(b, behaviour)
	channel, err := New(Config{Host: "127.0.0.1", Port: port, TLS: TLSNone})
	if err != nil {
		b.Fatal(err)
	}
	return channel
}

func benchMessage(n int) reach.Message {
	delivery := id.Delivery(fmt.Sprintf("dlv_%026d", n))
	m := bulkMessage()
	m.Delivery, m.To, m.MessageID = delivery, fmt.Sprintf("user%d@example.com", n), string(delivery)+"@status.example"
	m.ReturnPath = ReturnPath(delivery, []byte("secret"), "bounce.status.example")
	m.HTML = benchHTML
	return m
}

var benchHTML = string(bytes.Repeat([]byte(`<p style="margin:0 0 12px">We are rebuilding the tables router by router; four of eleven are done and hold.</p>`+"\n"), 30))

func startSink(tb testing.TB, behaviour sink.Config) (*sink.Server, int) {
	tb.Helper()
	server, err := sink.New(behaviour)
	if err != nil {
		tb.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	tb.Cleanup(func() {
		listener.Close()
		server.Close()
		<-done
	})
	return server, listener.Addr().(*net.TCPAddr).Port
}
