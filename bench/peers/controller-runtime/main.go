// Command controller-runtime does the job as the builder of controller-runtime teaches it: For the ConfigMap, Watches of the pods mapped to it,
// the pods from the cache, and CreateOrUpdate, see https://pkg.go.dev/sigs.k8s.io/controller-runtime/pkg/builder and
// https://book.kubebuilder.io/reference/watching-resources. All is at its default: the cache of the whole cluster, its deep copies, protobuf,
// no client-side rate limit. BENCH_TRANSFORM=1 trims pods as they come to the cache, BENCH_PEERS_PER_SHARD has a request for each shard.
package main

import (
	"context"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/predicate"

	"metadatamirror.dev/bench/peers/peer"
)

func main() {
	ctrl.SetLogger(zap.New())
	if err := run(ctrl.SetupSignalHandler(), peer.JobFromEnvironment()); err != nil {
		ctrl.Log.Error(err, "ended")
		os.Exit(1)
	}
}

func run(ctx context.Context, job peer.Job) error {
	// a port of its own would be in the way of others here
	options := ctrl.Options{Metrics: server.Options{BindAddress: "0"}}
	if os.Getenv("BENCH_TRANSFORM") == "1" {
		options.Cache.ByObject = map[client.Object]cache.ByObject{&corev1.Pod{}: {Transform: trim}}
	}
	manager, err := ctrl.NewManager(ctrl.GetConfigOrDie(), options)
	if err != nil {
		return err
	}
	isOurs := func(object client.Object) bool {
		_, ok := job.Shard(object.GetName())
		return ok && object.GetNamespace() == job.Namespace
	}
	build := ctrl.NewControllerManagedBy(manager).
		Named("peers").
		For(&corev1.ConfigMap{}, builder.WithPredicates(predicate.NewPredicateFuncs(isOurs)))
	writer := writer{manager.GetClient(), job}
	if job.PerShard == 0 {
		request := ctrl.Request{NamespacedName: types.NamespacedName{Namespace: job.Namespace, Name: job.Name(0)}}
		toMirror := func(_ context.Context, pod client.Object) []ctrl.Request {
			if !selected(job, pod) {
				return nil
			}
			return []ctrl.Request{request}
		}
		return start(ctx, manager, build.
			Watches(&corev1.Pod{}, handler.EnqueueRequestsFromMapFunc(toMirror)).
			Complete(&mirrorReconciler{writer}))
	}
	placement, err := readPlacement(ctx, manager.GetAPIReader(), job)
	if err != nil {
		return err
	}
	return start(ctx, manager, build.
		Watches(&corev1.Pod{}, shardHandler(job, placement)).
		WithOptions(controller.Options{MaxConcurrentReconciles: 10}).
		Complete(&shardReconciler{writer, placement}))
}

func start(ctx context.Context, manager ctrl.Manager, err error) error {
	if err != nil {
		return err
	}
	return manager.Start(ctx)
}
