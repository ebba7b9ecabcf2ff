package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// remote is a running Candor and the token to speak to it with.
type remote struct {
	Server string `default:"http://127.0.0.1:8080" help:"Address of the running Candor."`
	Token  string `help:"API token (scope incidents); better in CANDOR_TOKEN than in the shell's history."`
	JSON   bool   `name:"json" env:"-" help:"Print the API's answer as JSON."`
}

// apiIncident is what the commands read of the API's answers: incidents and updates alike.
type apiIncident struct {
	ID     string    `json:"id"`
	URL    string    `json:"url"`
	Status string    `json:"status"`
	Impact string    `json:"impact"`
	Number int       `json:"number"`
	NextBy time.Time `json:"next_by"`
	// Findings is what a careful colleague would have said; the word is out all the same.
	Findings []struct{ Level, Excerpt, Why, Instead string }

	raw json.RawMessage
}

// pointedOut are the findings above a hint, one a line.
func (a apiIncident) pointedOut() string {
	var b strings.Builder
	for _, f := range a.Findings {
		if f.Level == "hint" {
			continue
		}
		b.WriteString("\n" + f.Level + ": ")
		if f.Excerpt != "" {
			fmt.Fprintf(&b, "%q ", f.Excerpt)
		}
		b.WriteString(f.Why + " " + f.Instead)
	}
	return b.String()
}

// text takes a text, or standard input for "-".
func (remote) text(arg string) (string, error) {
	if arg != "-" {
		return arg, nil
	}
	b, err := io.ReadAll(io.LimitReader(os.Stdin, 64<<10))
	return string(b), err
}

func (r remote) post(ctx context.Context, term terminal, incident, path, key string, body any) error {
	var said apiIncident
	if err := r.call(ctx, "POST", "/api/v1/incidents/"+url.PathEscape(incident)+path, key, body, &said); err != nil {
		return err
	}
	return r.say(term, said, func() string {
		if said.NextBy.IsZero() {
			return fmt.Sprintf("Posted update %d, %s. No further word is promised.", said.Number, said.Status) + said.pointedOut()
		}
		return fmt.Sprintf("Posted update %d, %s. Next word by %s.", said.Number, said.Status, said.NextBy.Local().Format("15:04 MST")) + said.pointedOut()
	})
}

func (r remote) say(term terminal, got apiIncident, sentence func() string) error {
	if r.JSON {
		_, err := fmt.Fprintf(term.out, "%s\n", bytes.TrimSpace(got.raw))
		return err
	}
	_, err := fmt.Fprintln(term.out, sentence())
	return err
}

// call asks the API, and turns a refusal into the sentences it came with.
func (r remote) call(ctx context.Context, method, path, key string, body any, out *apiIncident) error {
	if r.Token == "" {
		return usageError{errors.New("no token: set CANDOR_TOKEN, or make one with candor staff add --token or in the console under Tokens")}
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(r.Server, "/")+path, bytes.NewReader(b))
	if err != nil {
		return usageError{fmt.Errorf("--server %q: %w", r.Server, err)}
	}
	req.Header.Set("Authorization", "Bearer "+r.Token)
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("no answer from %s: %w", r.Server, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return refusal(resp.StatusCode, answer)
	}
	out.raw = answer
	return json.Unmarshal(answer, out)
}

func refusal(status int, answer []byte) error {
	var p struct {
		Title, Detail string
		Errors        []struct{ Location, Message string }
	}
	if json.Unmarshal(answer, &p) != nil {
		return fmt.Errorf("the server answered %d %s", status, http.StatusText(status))
	}
	var lines []string
	for _, e := range p.Errors {
		lines = append(lines, fmt.Sprintf("%s: %s", strings.TrimPrefix(e.Location, "body."), e.Message))
	}
	if len(lines) == 0 {
		lines = []string{cmp.Or(p.Detail, p.Title)}
	}
	return errors.New(strings.Join(lines, "\n"))
}
