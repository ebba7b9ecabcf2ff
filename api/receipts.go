package api

import (
	"net/http"

	"candor/desk"
	"candor/problem"
	"candor/staff"
)

// mostReceipt is more than any provider sends about one text.
const mostReceipt = 64 << 10

// receipts are where providers tell what became of texts, and bring those that customers write. They carry no token: each proves itself by
// a signature or a seal. Kannel and its like can only GET; what they ask for is an address that nobody else was given.
func (a *API) receipts() {
	for _, pattern := range []string{"POST /api/v1/receipts/sms/{provider}", "GET /api/v1/receipts/sms/{provider}"} {
		a.routes = append(a.routes, staff.Route{Pattern: pattern, Open: true})
		a.mux.HandleFunc(pattern, a.receiveText)
	}
}

func (a *API) receiveText(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostReceipt)
	if err := r.ParseForm(); err != nil {
		answer(w, problem.New(problem.Invalid, "problem.receipt"))
		return
	}
	err := a.desk.ReceiveTextReceipt(r.Context(), desk.TextReceipt{
		Provider: r.PathValue("provider"), Query: r.URL.Query(), RawQuery: r.URL.RawQuery, Form: r.PostForm,
		Signature: r.Header.Get("X-Twilio-Signature"), Post: r.Method == http.MethodPost,
	})
	switch {
	case problem.Is(err, problem.NotFound):
		answer(w, problem.New(problem.NotFound, "problem.receipt"))
	case err != nil:
		a.log.Error("receive a receipt", "provider", r.PathValue("provider"), "err", err)
		answer(w, problem.New(problem.Unavailable, "problem.unavailable")) // providers that repeat, repeat on this
	case r.Method == http.MethodPost && r.Header.Get("X-Twilio-Signature") != "":
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = w.Write([]byte("<Response/>")) // nothing to say back this way: what we answer goes the way everything goes
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}
