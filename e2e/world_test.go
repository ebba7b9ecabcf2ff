package e2e

import (
	"strings"
	"sync"
	"testing"
	"time"

	"candor/demo"
	"candor/id"
	"candor/incident"
)

// harbour is the demo's company on its worst day, in the middle of it: an open outage told in five languages, a draft nobody has published
// yet, a rehearsal, planned work, letters of every kind in the outbox. Tests that only look share it.
var harbour = sync.OnceValues(func() (*program, error) {
	p, stop, err := start("demo", "--scenario", "none")
	if err != nil {
		return nil, err
	}
	cleanups = append(cleanups, stop)
	return p, nil
})

var worst sync.Once

// worstDay answers the shared company after its day went wrong.
func worstDay(t *testing.T) *program {
	t.Helper()
	p, err := harbour()
	if err != nil {
		t.Fatal(err)
	}
	worst.Do(func() { p.goWrong(t) })
	return p
}

func (p *program) goWrong(t *testing.T) {
	t.Helper()
	p.api(t, "POST", "/api/v1/subscribers", map[string]any{"email": "undecided@customer.example", "language": "de"}, nil)
	p.api(t, "POST", "/api/v1/people", map[string]any{"name": "Ada Viewer", "mail": "ada@harbour.example", "roles": []string{"viewer"}}, nil)
	p.bakery(t)
	p.written(t, "/de/confirm/", "/console/invitation/")
	p.asked(t)
	p.commented(t, p.play(t, "godaddy-2012", 171))
	p.api(t, "POST", "/api/v1/incidents", map[string]any{
		"visibility": "rehearsal", "body": map[string]string{"en": "We practise."}, "components": []map[string]string{{"component": "Website builder", "status": "partial_outage"}},
	}, nil)
	p.api(t, "POST", "/api/v1/alerts", map[string]any{"version": "4", "status": "firing", "alerts": []map[string]any{{
		"status": "firing", "fingerprint": "f00d", "startsAt": time.Now().Add(-time.Minute), "labels": map[string]string{"alertname": "CertificateExpires", "severity": "page"},
		"annotations": map[string]string{"summary": "The certificate of the panel expires in two days"},
	}}}, nil)
	p.written(t, "/en/manage/", "/en/unsubscribe/", "/en/comment/")
	p.mailed = append(p.mailed, p.ownPage(t))
}

// asked is a trouble that ended, after which its customers were asked whether they got the word, told why, and offered what they are owed.
func (p *program) asked(t *testing.T) {
	t.Helper()
	var made struct{ Code string }
	p.api(t, "POST", "/api/v1/incidents", map[string]any{
		"body": map[string]string{"en": "Our telephones crackle."}, "components": []map[string]string{{"component": "Phone support", "status": "degraded_performance"}},
	}, &made)
	at := "/api/v1/incidents/" + made.Code
	p.affecting(t, made.Code)
	p.api(t, "POST", at+"/updates", map[string]any{
		"status": "resolved", "body": map[string]string{"en": "They work."}, "components": []map[string]string{{"component": "Phone support", "status": "operational"}},
	}, nil)
	p.api(t, "POST", at+"/effect", nil, nil)
	for _, fact := range []map[string]string{
		{"event": "aware", "regime": "gdpr"},
		{"event": "aware", "regime": "dora"},
		{"event": "harms", "regime": "gdpr"},
		{"event": "not_required", "clock": "gdpr-34", "reason": "nobody is at risk"},
		{"event": "aware", "regime": "br-lgpd"},
	} {
		p.api(t, "POST", at+"/deadlines", fact, nil)
	}
	p.accounted(t, made.Code)
	p.offered(t, made.Code)
	p.told = made.Code
	p.written(t, "/en/effect/", "/en/redeem/")
}

// play tells a scenario's story through the API, up to a minute of it.
func (p *program) play(t *testing.T, name string, until int) (code string) {
	t.Helper()
	scene, err := demo.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	names, fields := p.componentNames(t), incident.Fields{}
	for _, s := range scene.Steps {
		if s.At > until {
			break
		}
		parts := []map[string]string{}
		for key, status := range s.Affected {
			if names[key] == "" {
				t.Fatalf("no component is called like %q: %v", key, names)
			}
			parts = append(parts, map[string]string{"component": names[key], "status": string(status)})
		}
		if s.Act == "declare" {
			fields = incident.DefaultFields(s.Kind, time.Now().Add(4*time.Hour))
		}
		p.learn(t, &fields, s)
		body := map[string]any{"fields": fields, "body": s.Body, "components": parts, "status": s.Status}
		switch s.Act {
		case "declare":
			now := time.Now()
			ago := func(minute int) time.Time { return now.Add(-time.Duration(s.At-minute) * time.Minute) }
			for k, v := range map[string]any{
				"kind": s.Kind, "title": s.Title, "cannot_work": s.CannotWork, "detected_by": s.DetectedBy, "started_at": ago(0), "detected_at": ago(s.Detected),
			} {
				body[k] = v
			}
			var made struct{ Code string }
			p.api(t, "POST", "/api/v1/incidents", body, &made)
			code = made.Code
		case "hold":
			p.api(t, "POST", "/api/v1/incidents/"+code+"/hold", nil, nil)
		default:
			p.api(t, "POST", "/api/v1/incidents/"+code+"/updates", body, nil)
		}
	}
	return code
}

// learn takes over what a step says about cause, attack and data.
func (p *program) learn(t *testing.T, f *incident.Fields, s demo.Step) {
	t.Helper()
	if s.Cause != "" {
		f.Cause = incident.Cause{State: s.Cause, Whose: s.Whose}
	}
	if s.Attack != "" {
		f.Attack = s.Attack
	}
	if len(s.WorkingOn) > 0 {
		f.WorkingOn = s.WorkingOn
	}
	if s.Data != "" {
		f.Data = incident.Safety{State: s.Data, Steps: s.Steps, Classes: s.Classes, CheckedBy: p.person(t, s.CheckedBy)}
	}
}

// person finds one by the beginning of their name, as the scenarios call them.
func (p *program) person(t *testing.T, key string) id.Person {
	t.Helper()
	var answer struct {
		People []struct {
			ID   id.Person
			Name string
		}
	}
	p.api(t, "GET", "/api/v1/people", nil, &answer)
	for _, one := range answer.People {
		if strings.HasPrefix(strings.ToLower(one.Name), key) {
			return one.ID
		}
	}
	t.Fatalf("nobody is called like %q", key)
	return ""
}

// componentNames maps the demo's short names to codes.
func (p *program) componentNames(t *testing.T) map[string]string {
	t.Helper()
	var answer struct {
		Components []struct {
			Code  string
			Group bool
			Name  map[string]string
		}
	}
	p.api(t, "GET", "/api/v1/components", nil, &answer)
	names := map[string]string{}
	for _, c := range answer.Components {
		if c.Group {
			continue
		}
		for key, called := range map[string]string{
			"websites": "Websites", "builder": "Website builder", "mailboxes": "Mailboxes", "webmail": "Webmail", "dns": "DNS", "account": "Your account", "phones": "Phone support",
		} {
			if c.Name["en"] == called {
				names[key] = c.Code
			}
		}
	}
	return names
}

// written waits until letters with these links lie in the outbox, and keeps the links: no page leads to them.
func (p *program) written(t *testing.T, links ...string) {
	t.Helper()
	read := map[string][]string{} // the links of each letter
	deadline := time.Now().Add(patience)
	for _, link := range links {
		for {
			if found := p.inOutbox(t, read, link); found != "" {
				p.mailed = append(p.mailed, found)
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("no letter with a link to %s\n%s", link, p.log.String())
			}
			time.Sleep(200 * time.Millisecond)
		}
	}
}

func (p *program) inOutbox(t *testing.T, read map[string][]string, link string) string {
	t.Helper()
	var list struct{ Letters []struct{ Delivery string } }
	p.api(t, "GET", "/api/v1/outbox?limit=1000", nil, &list)
	for _, l := range list.Letters {
		links, known := read[l.Delivery]
		if !known {
			var letter struct{ Text string }
			p.api(t, "GET", "/api/v1/outbox/"+l.Delivery, nil, &letter)
			links = spelled.FindAllString(letter.Text, -1)
			read[l.Delivery] = links
		}
		for _, found := range links {
			if strings.Contains(found, link) {
				return found
			}
		}
	}
	return ""
}
