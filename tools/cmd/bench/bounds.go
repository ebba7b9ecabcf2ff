package main

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

// bounds are what nothing can pass: every message is signed, and a connection waits for each answer. A run is held against the lower one.
func (b *bench) bounds() (err error) {
	if b.dkim != "" {
		if b.report.SigningAlone, err = signingAlone(b.dkim); err != nil {
			return err
		}
	}
	if b.latency > 0 {
		b.report.WaitingAlone = float64(b.connections) / b.latency.Seconds()
	}
	return nil
}

// compare says how much of each bound the run reached.
func (r *Report) compare() {
	if r.SigningAlone > 0 {
		r.OfSigning = r.PerSecond / r.SigningAlone
	}
	if r.WaitingAlone > 0 {
		r.OfWaiting = r.PerSecond / r.WaitingAlone
	}
}

// signingAlone is how many messages of three kilobytes all processors sign in a second, while they do nothing else.
func signingAlone(kind string) (perSecond float64, err error) {
	block, _ := pem.Decode([]byte(key(kind)))
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return 0, err
	}
	options := &dkim.SignOptions{
		Domain: "harbour.example", Selector: "bench", Signer: private.(crypto.Signer),
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	}
	const span = 3 * time.Second
	message := "From: status@harbour.example\r\nTo: reader@mail0.example\r\nSubject: Websites are down\r\n\r\n" + strings.Repeat("We are working on it.\r\n", 130)
	var signed atomic.Int64
	var all sync.WaitGroup
	failed := make(chan error, runtime.GOMAXPROCS(0))
	began := time.Now()
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for time.Since(began) < span {
				if err := dkim.Sign(io.Discard, strings.NewReader(message), options); err != nil {
					failed <- fmt.Errorf("sign: %w", err)
					return
				}
				signed.Add(1)
			}
		})
	}
	all.Wait()
	select {
	case err := <-failed:
		return 0, err
	default:
		return float64(signed.Load()) / time.Since(began).Seconds(), nil
	}
}
