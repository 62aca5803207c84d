package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"sync"
)

// shard is a ConfigMap: one write of it is in flight, and what changes meanwhile goes with the next.
type shard struct {
	api    api
	name   string
	exists bool
	mutex  sync.Mutex
	// pending are the lines to write, by pod; nil where it is gone.
	pending map[string]*string
	woken   chan struct{}
}

func newShard(api api, name string) *shard {
	s := &shard{api: api, name: name, pending: map[string]*string{}, woken: make(chan struct{}, 1)}
	go s.run()
	return s
}

// set says what a pod's line is to be, and has it written, unless that is left to a later wake.
func (s *shard) set(pod string, line *string, now bool) {
	s.mutex.Lock()
	s.pending[pod] = line
	s.mutex.Unlock()
	if now {
		s.wake()
	}
}

func (s *shard) wake() {
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

func (s *shard) run() {
	for range s.woken {
		s.mutex.Lock()
		pending := s.pending
		s.pending = map[string]*string{}
		s.mutex.Unlock()
		if len(pending) == 0 {
			continue
		}
		if err := s.write(pending); err != nil {
			log.Fatal(err)
		}
	}
}

func (s *shard) write(lines map[string]*string) error {
	body := configMap{Data: lines}
	method, path, contentType, expected := http.MethodPatch, "/configmaps/"+s.name, "application/merge-patch+json", http.StatusOK
	if !s.exists {
		body.Metadata.Name = s.name
		method, path, contentType, expected = http.MethodPost, "/configmaps", "application/json", http.StatusCreated
		for pod, line := range lines {
			if line == nil {
				delete(lines, pod)
			}
		}
	}
	response, err := s.api.do(method, path, contentType, body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	// the connection is used again once all is read
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != expected {
		return fmt.Errorf("%s of ConfigMap %s: %s", method, s.name, response.Status)
	}
	s.exists = true
	return nil
}
