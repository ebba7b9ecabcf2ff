package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"
)

// maxDocument bounds what a page can make us read.
const maxDocument = 64 << 20

// At is a copy at an address, or in a folder that candor snapshot wrote.
func At(place string) (Source, error) {
	if u, err := url.Parse(place); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return HTTP(u), nil
	}
	root, err := os.OpenRoot(place)
	if err != nil {
		return nil, fmt.Errorf("%s is neither an address nor a folder: %w", place, err)
	}
	return Folder(root), nil
}

// HTTP reads a page, or a copy of one, from its server.
func HTTP(base *url.URL) Source {
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64, Proxy: http.ProxyFromEnvironment}}
	return func(ctx context.Context, path string) ([]byte, error) {
		for try := 0; ; try++ {
			b, status, err := ask(ctx, client, base.JoinPath("/"+path).String())
			switch {
			case err != nil:
				return nil, err
			case status == http.StatusOK:
				return b, nil
			case status == http.StatusNotFound || status == http.StatusGone:
				return nil, ErrAbsent
			case try == 5 || status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable:
				return nil, fmt.Errorf("%s answers %d", base.JoinPath("/"+path), status)
			}
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-time.After(time.Second << try):
			}
		}
	}
}

func ask(ctx context.Context, client *http.Client, address string) ([]byte, int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, 0, err
	}
	r.Header.Set("User-Agent", "candor-verify")
	answer, err := client.Do(r)
	if err != nil {
		return nil, 0, err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(io.LimitReader(answer.Body, maxDocument))
	return b, answer.StatusCode, err
}

// Folder reads the files of a mirror: a page is a folder with an index.html.
func Folder(root *os.Root) Source {
	return func(_ context.Context, address string) ([]byte, error) {
		name := strings.Trim(path.Clean("/"+address), "/")
		for _, candidate := range []string{name, path.Join(name, "index.html")} {
			if candidate == "" {
				continue
			}
			if info, err := root.Stat(candidate); err == nil && !info.IsDir() {
				return root.ReadFile(candidate)
			} else if err != nil && !errors.Is(err, fs.ErrNotExist) && !strings.Contains(err.Error(), "not a directory") {
				return nil, err
			}
		}
		return nil, ErrAbsent
	}
}
