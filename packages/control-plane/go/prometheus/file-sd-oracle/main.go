// Command file-sd-oracle answers what Prometheus finds in a file of file_sd_configs, by its own package discovery/file: a JSON object a line
// on stdin, a JSON object a line on stdout, each at once and in the same order. The tests of metadata-model ask it.
package main

import (
	"context"
	"encoding/json"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/discovery"
	"github.com/prometheus/prometheus/discovery/file"
	"github.com/prometheus/prometheus/discovery/targetgroup"
)

// question is one line of stdin: the contents of a file.
type question struct {
	Document string `json:"document"`
}

// group is one target group, with its labels but for the one that names the file.
type group struct {
	Targets []string          `json:"targets"`
	Labels  map[string]string `json:"labels"`
}

// answer is one line of stdout: the target groups, or why the file is refused.
type answer struct {
	Groups []group `json:"groups"`
	Error  string  `json:"error,omitempty"`
}

func main() {
	directory, err := os.MkdirTemp("", "file-sd-oracle-")
	if err != nil {
		log.Fatalf("file-sd-oracle: %v", err)
	}
	defer os.RemoveAll(directory)
	questions := json.NewDecoder(os.Stdin)
	answers := json.NewEncoder(os.Stdout)
	for questions.More() {
		var q question
		if err := questions.Decode(&q); err != nil {
			log.Fatalf("file-sd-oracle: %v", err)
		}
		if err := answers.Encode(discover(filepath.Join(directory, "targets.json"), q.Document)); err != nil {
			log.Fatalf("file-sd-oracle: %v", err)
		}
	}
}

// discover has Prometheus read a file of this content, once.
func discover(name, document string) answer {
	if err := os.WriteFile(name, []byte(document), 0o600); err != nil {
		return answer{Error: err.Error()}
	}
	config := file.SDConfig{Files: []string{name}, RefreshInterval: model.Duration(time.Hour)}
	registry := prometheus.NewRegistry()
	metrics := config.NewDiscovererMetrics(registry, discovery.NewRefreshMetrics(registry))
	errors := make(chan string, 1)
	discoverer, err := config.NewDiscoverer(discovery.DiscovererOptions{Logger: slog.New(firstError(errors)), Metrics: metrics})
	if err != nil {
		return answer{Error: err.Error()}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	found := make(chan []*targetgroup.Group)
	go func() {
		discoverer.Run(ctx, found)
		close(ended)
	}()
	defer func() {
		cancel()
		<-ended
	}()
	select {
	case groups := <-found:
		return answer{Groups: plain(groups)}
	case message := <-errors:
		return answer{Error: message}
	}
}

func plain(groups []*targetgroup.Group) []group {
	all := []group{}
	for _, from := range groups {
		to := group{Targets: []string{}, Labels: map[string]string{}}
		for _, target := range from.Targets {
			to.Targets = append(to.Targets, string(target[model.AddressLabel]))
		}
		for name, value := range from.Labels {
			if name != model.MetaLabelPrefix+"filepath" {
				to.Labels[string(name)] = string(value)
			}
		}
		all = append(all, to)
	}
	return all
}

// firstError is a log that passes on the first error that is told: a file that can't be read is told there alone.
type firstError chan<- string

func (firstError) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }

func (errors firstError) Handle(_ context.Context, record slog.Record) error {
	message := record.Message
	record.Attrs(func(attribute slog.Attr) bool {
		if attribute.Key == "err" {
			message += ": " + attribute.Value.String()
		}
		return true
	})
	select {
	case errors <- message:
	default:
	}
	return nil
}

func (errors firstError) WithAttrs([]slog.Attr) slog.Handler { return errors }

func (errors firstError) WithGroup(string) slog.Handler { return errors }
