// Command candor lets a company own an outage in front of its customers: it says what broke, reaches everyone, keeps the promised next
// word, and leaves a record.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	_ "time/tzdata" // times are printed in the company's zone, whatever the machine has installed

	"github.com/alecthomas/kong"
)

// Exit codes: the answer is yes, the answer is no, the question was wrong.
const (
	exitNo    = 1
	exitUsage = 2
)

// errNo ends a command whose answer is no, after it has said so itself.
var errNo = errors.New("no")

// A terminal is where a command reads and writes, so that tests can be one.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

type commands struct {
	Config kong.ConfigFlag `placeholder:"FILE" help:"Read flags from this JSON file, such as {\"listen\": \"127.0.0.1:8080\"}. Environment and flags win over it." env:"CANDOR_CONFIG"`

	Serve    serveCommand    `cmd:"" help:"Run Candor: page, console, API and delivery."`
	Demo     demoCommand     `cmd:"" help:"Run Candor with an invented company, and play an outage."`
	Snapshot snapshotCommand `cmd:"" help:"Write the whole public page as plain files."`
	Staff    staffCommand    `cmd:"" help:"Add people who speak to customers."`
	Import   importCommand   `cmd:"" help:"Take customers in."`
	Export   exportCommand   `cmd:"" help:"Write customers out."`
	Incident incidentCommand `cmd:"" help:"Declare, post, hold and resolve on a running Candor, with a token."`
	Bounce   bounceCommand   `cmd:"" help:"Read a mail that came back, and say of whom it reports what."`
	Check    checkCommand    `cmd:"" help:"Read a message as a careful colleague would, before it goes out."`
	Credits  creditsCommand  `cmd:"" help:"Reckon what contracts owe their customers, and read their terms."`
	Verify   verifyCommand   `cmd:"" help:"Check that a page shows what was recorded, and that nothing was rewritten."`
	Doctor   doctorCommand   `cmd:"" help:"Look for what would fail in an outage: database, clock, mail, DNS, disk."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], terminal{os.Stdin, os.Stdout, os.Stderr}))
}

func run(ctx context.Context, args []string, term terminal) int {
	var cli commands
	exited := -1
	parser, err := kong.New(&cli,
		kong.Name("candor"),
		kong.Description("Candor owns an outage in front of its customers."),
		kong.UsageOnError(),
		kong.Writers(term.out, term.err),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Configuration(fromFile),
		kong.Resolvers(fromEnvironment),
		kong.DefaultEnvars("CANDOR"),
		kong.Vars{"database": defaultDatabase},
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(term),
	)
	if err != nil {
		panic(err) // the command table itself is wrong
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help has been printed
		return exited
	}
	if err != nil {
		fmt.Fprintf(term.err, "candor: %v\nSee candor --help.\n", err)
		return exitUsage
	}
	switch err := parsed.Run(); {
	case err == nil:
		return 0
	case errors.Is(err, errNo):
		return exitNo
	case errors.As(err, new(usageError)):
		fmt.Fprintf(term.err, "candor %s: %v\n", parsed.Command(), err)
		return exitUsage
	default:
		fmt.Fprintf(term.err, "candor %s: %v\n", parsed.Command(), err)
		return exitNo
	}
}

// A usageError says that the command was called wrongly, as opposed to having failed.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }
