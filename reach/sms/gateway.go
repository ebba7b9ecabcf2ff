package sms

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"candor/letter"
	"candor/outward"
	"candor/reach"
	"candor/settings"
)

// gateway speaks whatever the operator wrote down: a method, an address, headers and a body with placeholders.
type gateway struct {
	settings.SMSProvider
	client *outward.Client
	taken  *regexp.Regexp
	id     *regexp.Regexp // nil where ID is a JSON pointer or empty
}

// newGateway takes settings that were validated; an expression that does not compile matches nothing.
func newGateway(p settings.SMSProvider, client *outward.Client) *gateway {
	g := &gateway{SMSProvider: p, client: client}
	if p.Taken != "" {
		g.taken = compiled(p.Taken)
	}
	if p.ID != "" && p.ID[0] != '/' {
		g.id = compiled(p.ID)
	}
	return g
}

func compiled(pattern string) *regexp.Regexp {
	if re, err := regexp.Compile(pattern); err == nil {
		return re
	}
	return regexp.MustCompile(`$.`)
}

// find cannot: of a gateway in general nothing is known but how it takes texts.
func (g *gateway) find(context.Context, text) (r reach.Result, found, answered bool) {
	return r, false, false
}

func (g *gateway) send(ctx context.Context, t text) reach.Result {
	header, kind := http.Header{}, ""
	for name, value := range g.Headers {
		header.Set(name, g.fill(value, t, headerly))
		if strings.EqualFold(name, "Content-Type") {
			kind = strings.ToLower(value)
		}
	}
	var body []byte
	if g.Method == http.MethodPost {
		body = []byte(g.fill(g.Body, t, bodily(kind)))
	}
	a := g.client.Call(ctx, g.Method, g.fill(g.URL, t, url.QueryEscape), header, body)
	if a.Failed != "" {
		return unanswered(a)
	}
	if !g.takes(a) {
		return answered(a)
	}
	return reach.Result{Outcome: reach.Taken, ProviderID: g.named(a.Body), Code: strconv.Itoa(a.Status), Reason: reach.ReasonAccepted}
}

// takes reports whether an answer means that the gateway has the text.
func (g *gateway) takes(a outward.Answer) bool {
	success := a.Status >= 200 && a.Status < 300
	if len(g.Success) > 0 {
		success = slices.Contains(g.Success, a.Status)
	}
	return success && (g.taken == nil || g.taken.Match(a.Body))
}

// fill puts the text's own into a template. The replacer reads the template once: a placeholder that a customer's words contain stays words.
func (g *gateway) fill(template string, t text, escape func(string) string) string {
	coding := "0"
	if t.parts.Encoding == letter.UCS2 {
		coding = "2" // Kannel's name for UCS-2
	}
	var pairs []string
	for name, value := range map[string]string{
		"{to}": t.To, "{from}": t.from, "{text}": t.Text, "{id}": string(t.Delivery), "{coding}": coding, "{receipt}": t.receipt,
		"{user}": g.User, "{secret}": g.Secret, "{basic}": base64.StdEncoding.EncodeToString([]byte(g.User + ":" + g.Secret)),
	} {
		pairs = append(pairs, name, escape(value))
	}
	return strings.NewReplacer(pairs...).Replace(template)
}

// headerly drops what could end a header.
func headerly(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// bodily escapes for the place where a placeholder stands in a body of this type: between quotation marks in JSON.
func bodily(contentType string) func(string) string {
	switch {
	case strings.Contains(contentType, "json"):
		return func(s string) string {
			quoted, _ := json.Marshal(s) // a string has always a JSON form
			return string(quoted[1 : len(quoted)-1])
		}
	case strings.Contains(contentType, "xml"):
		return func(s string) string {
			var b bytes.Buffer
			_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
			return b.String()
		}
	case strings.Contains(contentType, "text/plain"):
		return func(s string) string { return s }
	}
	return url.QueryEscape
}

// named finds the gateway's name for the text in its answer; it is stored and shown, so it is a short word or nothing.
func (g *gateway) named(body []byte) string {
	name := ""
	switch {
	case g.id != nil:
		if m := g.id.FindSubmatch(body); m != nil {
			name = string(m[1])
		}
	case g.ID != "":
		name = pointed(body, g.ID)
	}
	if name = strings.TrimSpace(name); !isSID(name) {
		return ""
	}
	return name
}

// pointed follows a JSON pointer (RFC 6901) to a string or a number.
func pointed(body []byte, pointer string) string {
	var at any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&at) != nil {
		return ""
	}
	for _, step := range strings.Split(pointer, "/")[1:] {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		switch x := at.(type) {
		case map[string]any:
			at = x[step]
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n < 0 || n >= len(x) {
				return ""
			}
			at = x[n]
		default:
			return ""
		}
	}
	switch x := at.(type) {
	case string:
		return x
	case json.Number:
		return x.String()
	}
	return ""
}
