package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"

	"candor/intake"
	"candor/reach/email"
)

// intakeTLS is what the intake offers STARTTLS with, nil if nothing.
func (c Config) intakeTLS() (*tls.Config, error) {
	switch {
	case c.IntakeCert == "" && c.IntakeKey == "":
		return nil, nil
	case c.IntakeCert == "" || c.IntakeKey == "":
		return nil, errors.New("--intake-cert and --intake-key: want both or none")
	case c.Intake == "":
		return nil, errors.New("--intake-cert: there is no --intake to offer it")
	}
	pair, err := tls.LoadX509KeyPair(c.IntakeCert, c.IntakeKey)
	if err != nil {
		return nil, fmt.Errorf("--intake-cert: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// openIntake makes the intake behind its listener.
func (a *App) openIntake() error {
	certificate, err := a.config.intakeTLS()
	if err != nil {
		return err
	}
	trusted, err := a.config.proxies()
	if err != nil {
		return err
	}
	a.intake = intake.New(intake.Config{DB: a.db, Desk: a.desk, Log: a.log, ParseReturn: email.ParseReturnPath, TLS: certificate, Trusted: trusted})
	return nil
}

func (a *App) serveIntake() {
	if a.intake == nil {
		return
	}
	a.log.Info("mail that comes back is taken", "address", a.inbound.Addr().String())
	go func() {
		if err := a.intake.Serve(a.inbound); err != nil {
			a.log.Error("take mail", "address", a.inbound.Addr().String(), "err", err)
			a.failed <- struct{}{}
		}
	}()
}

func (a *App) stopIntake(ctx context.Context) error {
	if a.intake == nil {
		return nil
	}
	return a.intake.Stop(ctx)
}
