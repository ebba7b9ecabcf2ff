package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"

	"candor/component"
	"candor/desk"
	"candor/duty"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// A PlanReport is what planning one announcement to many customers took, and counting them afterwards. Nothing is sent.
type PlanReport struct {
	Database   string  `json:"database"`
	Customers  int     `json:"customers"`
	ImportS    float64 `json:"import_s"`
	ImportCPU  float64 `json:"import_cpu_us"` // of this process, for each customer: what a machine that does other things, too, does not change
	PlanS      float64 `json:"plan_s"`
	PlanCPU    float64 `json:"plan_cpu_us"`
	Steps      int     `json:"plan_transactions"`
	LongestMS  float64 `json:"plan_longest_ms"`
	FirstMS    float64 `json:"first_planned_ms"`
	UpdateS    float64 `json:"update_plan_s"`           // the same for a later update, with a first word about something else in the middle
	UrgentMS   float64 `json:"urgent_first_planned_ms"` // until that first word had its first message planned
	Planned    int64   `json:"planned"`
	Affected   int64   `json:"affected"`
	CoverageMS float64 `json:"coverage_ms"` // the slowest of five
	Standings  int     `json:"coverage_rows"`
}

// limits we hold ourselves to, for a million; a smaller run is held to its share.
var (
	mostPlan     = map[string]time.Duration{"sqlite": 15 * time.Second, "postgres": 60 * time.Second}
	mostStep     = 500 * time.Millisecond
	mostCoverage = 300 * time.Millisecond
	mostUrgent   = 2 * time.Second
)

// planned is one run: import, declare, plan, count.
type planning struct {
	options
	db     *store.DB
	desk   *desk.Desk
	duty   *duty.Duty
	ctx    context.Context // as somebody of ours
	first  id.Incident     // that affects everybody
	report PlanReport
}

func plan(ctx context.Context, o options) error {
	p := &planning{options: o, report: PlanReport{Customers: o.n}}
	if p.options.db == "" {
		dir, err := os.MkdirTemp("", "candor-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		p.options.db = "sqlite:" + filepath.Join(dir, "bench.db")
	}
	p.report.Database, _, _ = strings.Cut(p.options.db, ":")
	var err error
	if p.db, err = store.Open(ctx, p.options.db); err != nil {
		return err
	}
	defer p.db.Close()
	for _, step := range []func(context.Context) error{p.prepare, p.enlist, p.announce, p.spread, p.overtake, p.cover} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(p.report); err != nil {
		return err
	}
	return p.judge()
}

// prepare makes a company with one service that breaks, one that does not, and somebody who speaks.
func (p *planning) prepare(ctx context.Context) error {
	only := p.options
	only.n = 0
	if _, err := fill(ctx, p.db, only); err != nil {
		return err
	}
	base := &url.URL{Scheme: "https", Host: "status.example"}
	p.desk = desk.New(p.db, base, nil)
	p.duty = duty.New(duty.Config{
		DB: p.db, Desk: p.desk, Log: slog.New(slog.DiscardHandler), Node: "bench", PublicURL: base,
		Channels: func(settings.Settings) (map[string]reach.Channel, error) { return nil, nil },
	})
	return p.db.Read(ctx, func(tx *store.Tx) error {
		people, err := tx.People.All(ctx)
		if err == nil {
			p.ctx = staff.As(ctx, staff.Actor{Person: people[0], Session: id.New[id.Session](time.Now())})
		}
		return err
	})
}

// enlist takes the customers in the way a company does, from a file: each with a mail address and a mobile.
func (p *planning) enlist(context.Context) error {
	if _, err := p.desk.AddComponent(p.ctx, desk.ComponentForm{Name: lang.Text{"en": "Offices"}, Status: component.Operational}); err != nil {
		return err
	}
	r, w := io.Pipe()
	go func() {
		fmt.Fprintln(w, "id,name,language,components,email,mobile")
		for i := range p.n {
			uses := "Websites"
			if i%1000 == 999 {
				uses = "Websites|Offices" // whom the urgent word is for
			}
			fmt.Fprintf(w, "A-%07d,Customer %d,%s,%s,customer.%d@mail%d.example,+4915120%06d\n", i, i, lang.All()[i%5], uses, i, i%200, i%1_000_000)
		}
		w.Close()
	}()
	stop, err := p.profiled("import")
	if err != nil {
		return err
	}
	began, worked := time.Now(), worked()
	done, err := p.desk.ImportCustomers(p.ctx, r, desk.Import{})
	p.report.ImportS = time.Since(began).Seconds()
	p.report.ImportCPU = p.each(worked)
	stop()
	if err == nil && done.Added != int64(p.n) {
		err = fmt.Errorf("imported %+v", done)
	}
	return err
}

func (p *planning) announce(ctx context.Context) error {
	err := p.declare(ctx, "Websites")
	if err == nil {
		p.first = p.incidents(ctx)[0]
	}
	return err
}

func (p *planning) declare(ctx context.Context, name string) error {
	var broken id.Component
	err := p.db.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Components.All(ctx)
		for _, c := range all {
			if c.Name["en"] == name {
				broken = c.ID
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	_, _, err = p.desk.Declare(p.ctx, desk.Declaration{
		Title: title, CannotWork: true,
		First: desk.Word{Body: word, Affected: []incident.Affected{{Component: broken, Status: component.MajorOutage}}},
	})
	return err
}

// profiled writes a CPU profile of one part of the run, if profiles are asked for.
func (p *planning) profiled(part string) (stop func(), err error) {
	if p.profile == "" {
		return func() {}, nil
	}
	f, err := os.Create(p.profile + "." + part)
	if err != nil {
		return nil, err
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, pprof.StartCPUProfile(f)
}

// worked is how long processors have worked for this process.
func worked() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // there is no such machine
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// each is the work since then, in microseconds for each customer.
func (p *planning) each(since time.Duration) float64 {
	return float64((worked() - since).Microseconds()) / float64(p.n)
}

// spread plans until nothing is left to plan, as duty's loop does.
func (p *planning) spread(ctx context.Context) error {
	stop, err := p.profiled("plan")
	if err != nil {
		return err
	}
	defer stop()
	first := p.first
	began, worked := time.Now(), worked()
	for more := true; more; {
		step := time.Now()
		if more, err = p.duty.FanOut(ctx); err != nil {
			return err
		}
		p.report.Steps++
		p.report.LongestMS = max(p.report.LongestMS, ms(time.Since(step)))
		if p.report.FirstMS == 0 && p.has(ctx, first) {
			p.report.FirstMS = ms(time.Since(began))
		}
	}
	p.report.PlanS = time.Since(began).Seconds()
	p.report.PlanCPU = p.each(worked)
	return p.db.Read(ctx, func(tx *store.Tx) error {
		c, err := tx.Announcements.CountsOfIncident(ctx, first)
		p.report.Planned = c.All()
		return err
	})
}

// overtake plans a later update to everybody, and in the middle of it a first word about something else, which must not wait.
func (p *planning) overtake(ctx context.Context) error {
	first := p.first
	if _, err := p.desk.Post(p.ctx, first, desk.Word{Status: incident.Identified, Body: word}); err != nil {
		return err
	}
	began, posted, urgent := time.Now(), time.Time{}, id.Incident("")
	for step, more := 0, true; more; step++ {
		if step == p.n/4000 { // half of the way
			if err := p.declare(ctx, "Offices"); err != nil {
				return err
			}
			posted = time.Now()
			for _, i := range p.incidents(ctx) {
				if i != first {
					urgent = i
				}
			}
		}
		var err error
		if more, err = p.duty.FanOut(ctx); err != nil {
			return err
		}
		if p.report.UrgentMS == 0 && urgent != "" && p.has(ctx, urgent) {
			p.report.UrgentMS = ms(time.Since(posted))
		}
	}
	p.report.UpdateS = time.Since(began).Seconds()
	return nil
}

func (p *planning) incidents(ctx context.Context) (all []id.Incident) {
	_ = p.db.Read(ctx, func(tx *store.Tx) error {
		open, err := tx.Incidents.Open(ctx)
		for _, i := range open {
			all = append(all, i.ID)
		}
		return err
	})
	return all
}

// has reports whether a message about an incident is planned.
func (p *planning) has(ctx context.Context, i id.Incident) bool {
	found := false
	_ = p.db.Read(ctx, func(tx *store.Tx) error {
		said, err := tx.Announcements.OfIncident(ctx, i)
		if err != nil || len(said) == 0 {
			return err
		}
		rows, err := tx.Deliveries.Page(ctx, said[0].ID, "", "", 1)
		found = len(rows) > 0
		return err
	})
	return found
}

// cover counts what stands on the coverage page.
func (p *planning) cover(ctx context.Context) error {
	i := p.first
	for range 5 {
		began := time.Now()
		err := p.db.Read(ctx, func(tx *store.Tx) error {
			rows, err := tx.Affected.Count(ctx, i)
			p.report.Standings, p.report.Affected = len(rows), 0
			for _, s := range rows {
				p.report.Affected += s.Customers
			}
			return err
		})
		if err != nil {
			return err
		}
		p.report.CoverageMS = max(p.report.CoverageMS, ms(time.Since(began)))
	}
	return nil
}

func (p *planning) judge() error {
	r, share := p.report, float64(p.n)/1e6
	var wrong []error
	miss := func(is bool, what string, args ...any) {
		if is {
			wrong = append(wrong, fmt.Errorf(what, args...))
		}
	}
	miss(r.Affected != int64(p.n) || r.Planned != int64(p.n), "%d affected, %d planned, of %d", r.Affected, r.Planned, p.n)
	miss(r.PlanS > mostPlan[r.Database].Seconds()*max(share, .05), "planning took %.1f s", r.PlanS)
	miss(r.LongestMS > ms(mostStep), "one transaction took %.0f ms", r.LongestMS)
	miss(r.UrgentMS == 0 || r.UrgentMS > ms(mostUrgent), "the urgent word was planned after %.0f ms", r.UrgentMS)
	miss(r.CoverageMS > ms(mostCoverage), "coverage took %.0f ms", r.CoverageMS)
	return errors.Join(wrong...)
}
