package peer

import (
	"maps"
	"slices"
	"sync"
)

// Placement says which shard has which pod. A pod stays where it is, and a new one goes to the first shard with room.
type Placement struct {
	perShard int
	mutex    sync.Mutex
	shardOf  map[string]int
	members  []map[string]struct{}
}

// NewPlacement makes an empty one; of 0 a shard, the first has room for all.
func NewPlacement(perShard int) *Placement {
	return &Placement{perShard: perShard, shardOf: map[string]int{}}
}

// Place returns the shard of a pod, which it is given where it has none.
func (p *Placement) Place(pod string) int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if shard, found := p.shardOf[pod]; found {
		return shard
	}
	shard := 0
	for p.perShard > 0 && shard < len(p.members) && len(p.members[shard]) >= p.perShard {
		shard++
	}
	p.put(pod, shard)
	return shard
}

// Keep gives a pod the shard that it was found in.
func (p *Placement) Keep(pod string, shard int) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.put(pod, shard)
}

// Remove gives the room of a pod free, and tells where it was.
func (p *Placement) Remove(pod string) (shard int, found bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	shard, found = p.shardOf[pod]
	if found {
		delete(p.shardOf, pod)
		delete(p.members[shard], pod)
	}
	return shard, found
}

// Members are the pods of a shard, by name.
func (p *Placement) Members(shard int) []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if shard >= len(p.members) {
		return nil
	}
	return slices.Sorted(maps.Keys(p.members[shard]))
}

// Pods are all that are placed.
func (p *Placement) Pods() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return slices.Collect(maps.Keys(p.shardOf))
}

func (p *Placement) put(pod string, shard int) {
	for len(p.members) <= shard {
		p.members = append(p.members, map[string]struct{}{})
	}
	p.shardOf[pod] = shard
	p.members[shard][pod] = struct{}{}
}
