package console

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"candor/staff"
)

// upload sends a file the way a browser's form does.
func (v *visitor) upload(path, file string, fields map[string]string) answer {
	v.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			v.t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", "customers.csv")
	if err != nil {
		v.t.Fatal(err)
	}
	if _, err := io.WriteString(part, file); err != nil {
		v.t.Fatal(err)
	}
	form.Close()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.h.server.URL+path, &body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	response, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header.Get("Location"), string(said), response.Header}
}

var toCustomer = regexp.MustCompile(`/console/customers/cus_[0-9A-Z]+`)

func TestCustomersAreLookedAtTakenInFoundAndErased(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		wantSaid(t, v.get("/console/reach"), "Customers")
		wantSaid(t, v.get("/console/customers"), "0 customers", "Nobody yet", "Import a file")

		const file = "id;name;email;mobile;Schuhgröße;consent;consent at\n7;Jürgen <b>Groß</b>;jg@example.de;0151 23456789;43;Write to me;2025-03-01\n8;Ann;nobody;;;;\n"
		look := v.upload("/console/customers/import", file, map[string]string{"country": "de", "act": "look"})
		wantSaid(t, look, "This would happen", "1 new, 0 changed, 0 unchanged", "1 refused", "of 2 rows", "Schuhgröße", "nobody is not a mail address", "Nothing was written")
		wantSaid(t, v.get("/console/customers"), "0 customers")
		wantSaid(t, v.upload("/console/customers/import", file, map[string]string{"country": "DE", "act": "take", "strict": "1"}), "Nothing was taken in")
		wantSaid(t, v.upload("/console/customers/import", file, map[string]string{"country": "DE", "act": "take"}), "Taken in", "1 new")
		if a := v.upload("/console/customers/import", "", nil); a.status != http.StatusUnprocessableEntity {
			t.Errorf("no file: %d", a.status)
		}

		for _, search := range []string{"", "7", "jürgen", "JG@example.de", "+49 151 23456789"} {
			wantSaid(t, v.get("/console/customers?search="+url.QueryEscape(search)), "Jürgen &lt;b&gt;Groß&lt;/b&gt;", "jg@example.de, &#43;4915123456789")
		}
		wantSaid(t, v.get("/console/customers?search=nobody"), "Nobody is found")
		path := toCustomer.FindString(v.get("/console/customers").body)
		wantSaid(t, v.get(path), "jg@example.de", "text message", "Write to me", "Forget who they are")
		for _, format := range []string{"json", "csv"} {
			if a := v.post(path+"/file/"+format, url.Values{}); a.status != 200 || !strings.Contains(a.body, "jg@example.de") || !strings.Contains(a.header.Get("Content-Disposition"), "customer."+format) {
				t.Errorf("%s: %d %s", format, a.status, a.body)
			}
		}
		if a := v.post("/console/customers/file", url.Values{}); a.status != 200 || !strings.Contains(a.body, "'+4915123456789") {
			t.Errorf("all: %d %s", a.status, a.body)
		}
		wantSaid(t, v.must(v.post(path+"/erase", url.Values{"key": {"a"}})), "jg@example.de")
		wantSaid(t, v.must(v.post(path+"/erase", url.Values{"key": {"b"}, "sure": {"1"}})), "Erased customer", "to whom does not")
		wantSaid(t, v.get("/console/customers"), "0 customers")
	})
}

func TestAnAgentSeesCustomersAndChangesNone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.setUp(t)
		agent := h.join(t, staff.Agent)
		if a := agent.get("/console/customers"); a.status != 200 || strings.Contains(a.body, "Import a file") {
			t.Errorf("%d %s", a.status, visible(a.body))
		}
		if a := agent.upload("/console/customers/import", "a@example.com\n", nil); a.status != http.StatusForbidden {
			t.Errorf("an agent imports: %d", a.status)
		}
	})
}
