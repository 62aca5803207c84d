// Package peer is what the Go contestants share: what they are told, and the line of a pod.
package peer

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
)

// Job is what to do: keep the lines of the pods of this namespace with label app=<App> in ConfigMaps named after ConfigMap.
type Job struct {
	Namespace string
	App       string
	ConfigMap string
	// PerShard is how many pods a ConfigMap holds; 0: one has them all.
	PerShard int
}

// JobFromEnvironment reads BENCH_NAMESPACE, BENCH_APP, BENCH_CONFIG_MAP and BENCH_PEERS_PER_SHARD, or ends the process.
func JobFromEnvironment() Job {
	perShard, err := strconv.Atoi(required("BENCH_PEERS_PER_SHARD"))
	if err != nil || perShard < 0 {
		log.Fatal("BENCH_PEERS_PER_SHARD has to be a whole number")
	}
	return Job{required("BENCH_NAMESPACE"), required("BENCH_APP"), required("BENCH_CONFIG_MAP"), perShard}
}

func required(name string) string {
	value := os.Getenv(name)
	if value == "" {
		log.Fatalf("%s has to be set", name)
	}
	return value
}

// Name is the ConfigMap of a shard: the first has the base name, the others <base>-<n>.
func (j Job) Name(shard int) string {
	if shard == 0 {
		return j.ConfigMap
	}
	return fmt.Sprintf("%s-%d", j.ConfigMap, shard)
}

// Shard is the inverse of Name; ok tells whether the name is one of the job's.
func (j Job) Shard(name string) (shard int, ok bool) {
	if name == j.ConfigMap {
		return 0, true
	}
	number, found := strings.CutPrefix(name, j.ConfigMap+"-")
	shard, err := strconv.Atoi(number)
	return shard, found && err == nil && j.Name(shard) == name
}
