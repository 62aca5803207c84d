package main

import (
	"encoding/json"
	"fmt"
	"net/http"

	"metadatamirror.dev/bench/peers/peer"
)

// mirror tells the shards what the watch says. Until the first state is complete nothing is written.
type mirror struct {
	job       peer.Job
	api       api
	placement *peer.Placement
	shards    []*shard
	// found is what the ConfigMaps hold at the start: what is the same is not written. nil once the first state is complete.
	found map[string]string
	// seen are the pods of the first state of a watch; nil once it is complete.
	seen map[string]struct{}
}

func newMirror(job peer.Job, api api) (*mirror, error) {
	m := &mirror{job: job, api: api, placement: peer.NewPlacement(job.PerShard), found: map[string]string{}, seen: map[string]struct{}{}}
	response, err := api.do(http.MethodGet, "/configmaps", "", nil)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var list struct{ Items []configMap }
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("list of ConfigMaps: %s", response.Status)
	}
	for _, item := range list.Items {
		number, ok := job.Shard(item.Metadata.Name)
		if !ok {
			continue
		}
		m.shard(number).exists = true
		for pod, line := range item.Data {
			m.placement.Keep(pod, number)
			m.found[pod] = *line
		}
	}
	return m, nil
}

// apply takes up a pod as it is.
func (m *mirror) apply(pod pod) {
	name := pod.Metadata.Name
	if !pod.isPeer() {
		m.remove(name)
		return
	}
	line := pod.line()
	shard := m.shard(m.placement.Place(name))
	if m.seen != nil {
		m.seen[name] = struct{}{}
	}
	if m.found != nil && m.found[name] == line {
		return
	}
	shard.set(name, &line, m.seen == nil)
}

// remove takes a pod's line away.
func (m *mirror) remove(name string) {
	if number, found := m.placement.Remove(name); found {
		m.shard(number).set(name, nil, m.seen == nil)
	}
}

// complete is told when the watch has shown the first state: what it didn't show is gone, and all shards may go.
func (m *mirror) complete() {
	seen := m.seen
	m.seen = nil
	for _, name := range m.placement.Pods() {
		if _, ok := seen[name]; seen != nil && !ok {
			m.remove(name)
		}
	}
	m.found = nil
	for _, shard := range m.shards {
		shard.wake()
	}
}

// restart is told when a watch begins anew.
func (m *mirror) restart() { m.seen = map[string]struct{}{} }

func (m *mirror) shard(number int) *shard {
	for len(m.shards) <= number {
		m.shards = append(m.shards, newShard(m.api, m.job.Name(len(m.shards))))
	}
	return m.shards[number]
}
