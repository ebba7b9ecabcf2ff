package main

import (
	"context"
	"fmt"
	"strings"
)

// incidentCommand is the communicator's own shell: the same acts as the console's, over the API, with a token.
type incidentCommand struct {
	Declare declareCommand `cmd:"" help:"Declare an incident with its first word."`
	Post    postCommand    `cmd:"" help:"Post an update."`
	Hold    holdCommand    `cmd:"" help:"Post the holding update: still working on it, next word by the cadence."`
	Resolve resolveCommand `cmd:"" help:"Say that it is over."`
}

type declareCommand struct {
	remote
	Kind       string   `env:"-" enum:"outage,billing,data,security" default:"outage" help:"outage, billing, data or security."`
	Component  []string `env:"-" sep:"none" placeholder:"NAME[=STATUS]" help:"What is broken, by name, code or id; major_outage unless said otherwise. Repeat it."`
	CannotWork bool     `env:"-" help:"Customers cannot work at all: impact critical."`
	Title      string   `env:"-" help:"What is broken, in one line. Left out: from the template."`
	Text       string   `arg:"" help:"The first word, Markdown; - reads standard input."`
	Language   string   `env:"-" default:"en" help:"Language of the title and the text."`
	Rehearse   bool     `env:"-" help:"The same path, reaching only yourself."`
	Key        string   `env:"-" help:"Idempotency key: repeating the command says it once."`
}

// Help is shown by candor incident declare --help.
func (declareCommand) Help() string {
	return `Example:

  export CANDOR_TOKEN=cnd_…
  candor incident declare --component "Websites" --component "Certificates=degraded_performance" --cannot-work \
    "Since 13:00 no website loads. This is our failure and I am sorry. The cause is not known yet."`
}

// Run declares and prints where customers read it.
func (c declareCommand) Run(ctx context.Context, term terminal) error {
	text, err := c.text(c.Text)
	if err != nil {
		return err
	}
	body := map[string]any{
		"kind": c.Kind, "components": parts(c.Component), "cannot_work": c.CannotWork, "body": map[string]string{c.Language: text},
	}
	if c.Rehearse {
		body["visibility"] = "rehearsal"
	}
	if c.Title != "" {
		body["title"] = map[string]string{c.Language: c.Title}
	}
	var made apiIncident
	if err := c.call(ctx, "POST", "/api/v1/incidents", c.Key, body, &made); err != nil {
		return err
	}
	return c.say(term, made, func() string {
		return fmt.Sprintf("Declared %s, impact %s.\nCustomers read it at %s\nNext word by %s.", made.ID, made.Impact, made.URL, made.NextBy.Local().Format("15:04 MST"))
	})
}

// parts reads NAME=STATUS.
func parts(flags []string) []map[string]string {
	out := []map[string]string{}
	for _, f := range flags {
		name, status, said := strings.Cut(f, "=")
		if !said {
			status = "major_outage"
		}
		out = append(out, map[string]string{"component": name, "status": status})
	}
	return out
}

type postCommand struct {
	remote
	Incident  string   `arg:"" help:"inc_… or the code in the page's address."`
	Text      string   `arg:"" help:"The update, Markdown; - reads standard input."`
	Status    string   `env:"-" enum:",investigating,identified,monitoring,resolved,in_progress,verifying,completed" default:"" help:"investigating, identified, monitoring or resolved. Left out: as it is."`
	Component []string `env:"-" sep:"none" placeholder:"NAME=STATUS" help:"A component that changed. Repeat it."`
	NextBy    string   `env:"-" help:"When the next word comes, RFC 3339. Left out: by the cadence."`
	Reason    string   `env:"-" help:"Why the next word takes longer than the cadence."`
	Language  string   `env:"-" default:"en" help:"Language of the text."`
	Silent    bool     `env:"-" help:"Page and feeds only."`
	Key       string   `env:"-" help:"Idempotency key: repeating the command says it once."`
}

// Help is shown by candor incident post --help.
func (postCommand) Help() string {
	return `Example:

  candor incident post k3v8q0n4w2y7 --status identified --component "DNS=partial_outage" "We have found the cause and are repairing it."`
}

// Run posts.
func (c postCommand) Run(ctx context.Context, term terminal) error {
	text, err := c.text(c.Text)
	if err != nil {
		return err
	}
	body := map[string]any{"body": map[string]string{c.Language: text}, "silent": c.Silent}
	if len(c.Component) > 0 {
		body["components"] = parts(c.Component)
	}
	for name, value := range map[string]string{"status": c.Status, "next_by": c.NextBy, "next_reason": c.Reason} {
		if value != "" {
			body[name] = value
		}
	}
	return c.post(ctx, term, c.Incident, "/updates", c.Key, body)
}

type holdCommand struct {
	remote
	Incident string `arg:"" help:"inc_… or the code in the page's address."`
	Key      string `env:"-" help:"Idempotency key: repeating the command says it once."`
}

// Help is shown by candor incident hold --help.
func (holdCommand) Help() string {
	return `Example:

  candor incident hold k3v8q0n4w2y7`
}

// Run posts the holding update.
func (c holdCommand) Run(ctx context.Context, term terminal) error {
	return c.post(ctx, term, c.Incident, "/hold", c.Key, nil)
}

type resolveCommand struct {
	remote
	Incident string `arg:"" help:"inc_… or the code in the page's address."`
	Text     string `arg:"" help:"What was wrong and that it is over, Markdown; - reads standard input."`
	ReportBy string `env:"-" help:"When cause and corrective action are published, RFC 3339: a public promise."`
	Language string `env:"-" default:"en" help:"Language of the text."`
	Key      string `env:"-" help:"Idempotency key: repeating the command says it once."`
}

// Help is shown by candor incident resolve --help.
func (resolveCommand) Help() string {
	return `Example:

  candor incident resolve k3v8q0n4w2y7 --report-by 2026-12-04T17:00:00Z "Everything works again and has held for an hour. I am sorry."`
}

// Run resolves.
func (c resolveCommand) Run(ctx context.Context, term terminal) error {
	text, err := c.text(c.Text)
	if err != nil {
		return err
	}
	body := map[string]any{"status": "resolved", "body": map[string]string{c.Language: text}}
	if c.ReportBy != "" {
		body["report_due_at"] = c.ReportBy
	}
	return c.post(ctx, term, c.Incident, "/updates", c.Key, body)
}
