package console

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"candor/problem"
)

// Every form carries a random key. Who taps twice, or reloads, sends the same key with the same words and is answered as the first time.
// Who goes back, changes the words and sends again means something new: that is why the words are part of what is compared.

// onceKey names one sending of one form; empty for a form without a key.
func onceKey(r *http.Request) string {
	key := r.PostFormValue("key")
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(key + "\x00" + r.URL.Path + "\x00" + r.PostForm.Encode()))
	return hex.EncodeToString(sum[:])
}

// inFlight is how long the second of two taps waits for the answer to the first.
const inFlight = 5 * time.Second

// once makes a handle whose act has no key of its own happen once: it remembers where the first sending led.
func (f *Face) once(h handle) handle {
	return func(w http.ResponseWriter, r *http.Request) error {
		key := onceKey(r)
		if key == "" {
			return h(w, r)
		}
		to, answered, err := f.begin(r, key)
		if err != nil {
			return err
		}
		if answered {
			return back(w, r, to)
		}
		noted := &noting{ResponseWriter: w}
		err = h(noted, r)
		if err == nil && noted.status == http.StatusSeeOther {
			return f.desk.Finish(r.Context(), key, noted.status, w.Header().Get("Location"))
		}
		if forgotten := f.desk.Forget(r.Context(), key); forgotten != nil {
			f.log.WarnContext(r.Context(), "a refused form stays remembered", "route", r.Pattern, "err", forgotten)
		}
		return err
	}
}

func (f *Face) begin(r *http.Request, key string) (to string, answered bool, err error) {
	deadline := time.Now().Add(inFlight)
	for {
		before, answered, err := f.desk.Begin(r.Context(), key, key)
		if !problem.Is(err, problem.Conflict) || time.Now().After(deadline) {
			return before.Body, answered, err
		}
		select {
		case <-r.Context().Done():
			return "", false, r.Context().Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// A noting writer remembers the status.
type noting struct {
	http.ResponseWriter
	status int
}

func (n *noting) WriteHeader(status int) {
	n.status = status
	n.ResponseWriter.WriteHeader(status)
}
