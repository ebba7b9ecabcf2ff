package site

import (
	"encoding/json"
	"fmt"
	"time"

	"candor/lang"
	"candor/promise"
)

// trackDocument is the track record for programs. What is not known is null, never nought.
type trackDocument struct {
	Company     string              `json:"company"`
	AsOf        time.Time           `json:"as_of"`
	Promises    promise.Publication `json:"promises_publication"`
	Definitions map[string]string   `json:"definitions"`
	Months      []trackMonth        `json:"months"`
}

type trackMonth struct {
	Month      string  `json:"month"`
	Incidents  int     `json:"incidents"`
	Uptime     *string `json:"lowest_uptime_percent"`
	WeFirst    int     `json:"we_told_first"`
	TheyFirst  int     `json:"customers_told_first"`
	Unreported int     `json:"not_known_who_told_first"`
	FirstWord  *int64  `json:"first_word_median_seconds"`
	Lasted     *int64  `json:"resolved_median_seconds"`

	Actions actionsDocument `json:"actions"`

	// Null while the record of promises is not published.
	AllPromises *keptDocument `json:"promises"`
	Reports     *keptDocument `json:"reports"`
	Credits     *keptDocument `json:"credits"`
}

type keptDocument struct {
	Kept    int `json:"kept"`
	Decided int `json:"decided"`
}

type actionsDocument struct {
	Published int `json:"published"`
	Verified  int `json:"verified"`
}

func (f *Face) trackJSONRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, tag: tag, topics: []string{topicComponents, topicIncidents}, load: loadTracked,
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			t, r := facts.(tracked), f.reader(w, tag, now, blind)
			out := trackDocument{Company: w.settings.Company, AsOf: now.UTC().Truncate(time.Second), Promises: t.publication(w, now), Definitions: map[string]string{}, Months: []trackMonth{}}
			for _, key := range trackColumns {
				out.Definitions[key] = r.T("site.track." + key + ".means")
			}
			for _, m := range t.months {
				out.Months = append(out.Months, t.document(w, m, now))
			}
			body, err := json.Marshal(out)
			return document{kind: f.kinds.json, body: append(body, '\n'), until: t.until(w, now)}, err
		},
	}
}

func (t tracked) document(w *world, m trackedMonth, now time.Time) trackMonth {
	x := m.response
	d := trackMonth{
		Month: m.of.String(), Incidents: x.Incidents, WeFirst: x.WeFirst, TheyFirst: x.TheyFirst, Unreported: x.Unreported(),
		FirstWord: seconds(x.FirstWord, x.Incidents), Lasted: seconds(x.Lasted, x.Ended),
	}
	acted := t.acted(m.of, now, w.settings.Zoned())
	d.Actions = actionsDocument{acted.Made, acted.Verified}
	if units, known := t.lowest(w, m.of, now).Cut(2); known {
		percent := fmt.Sprintf("%d.%02d", units/100, units%100)
		d.Uptime = &percent
	}
	if t.publication(w, now) == promise.Published {
		d.AllPromises, d.Reports, d.Credits = t.share(w, m, "", now), t.share(w, m, promise.Report, now), t.share(w, m, promise.Credit, now)
	}
	return d
}

func (t tracked) share(w *world, m trackedMonth, kind promise.Kind, now time.Time) *keptDocument {
	tally := t.kept(m.of, kind, now, w.settings.Zoned())
	return &keptDocument{tally.Kept, tally.Decided()}
}

// seconds of a median, nothing of none.
func seconds(d time.Duration, of int) *int64 {
	if of == 0 {
		return nil
	}
	s := int64(d / time.Second)
	return &s
}
