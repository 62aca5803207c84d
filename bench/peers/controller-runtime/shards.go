package main

import (
	"context"
	"encoding/json"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"metadatamirror.dev/bench/peers/peer"
)

// shardReconciler keeps a ConfigMap of the pods that are placed in it, so that a change costs no more than a shard.
type shardReconciler struct {
	writer
	placement *peer.Placement
}

func (r *shardReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	shard, _ := r.job.Shard(request.Name)
	var lines []string
	for _, name := range r.placement.Members(shard) {
		var pod corev1.Pod
		err := r.client.Get(ctx, types.NamespacedName{Namespace: r.job.Namespace, Name: name}, &pod)
		if client.IgnoreNotFound(err) != nil {
			return ctrl.Result{}, err
		}
		if !apierrors.IsNotFound(err) && selected(r.job, &pod) && isPeer(&pod) {
			lines = append(lines, line(&pod))
		}
	}
	return ctrl.Result{}, r.write(ctx, request.Name, lines)
}

// shardHandler places pods as they come and go, and has their shards reconciled.
func shardHandler(job peer.Job, placement *peer.Placement) handler.EventHandler {
	type queue = workqueue.TypedRateLimitingInterface[reconcile.Request]
	enqueue := func(q queue, shard int) {
		q.Add(ctrl.Request{NamespacedName: types.NamespacedName{Namespace: job.Namespace, Name: job.Name(shard)}})
	}
	remove := func(pod client.Object, q queue) {
		if pod.GetNamespace() != job.Namespace {
			return
		}
		if shard, found := placement.Remove(pod.GetName()); found {
			enqueue(q, shard)
		}
	}
	apply := func(object client.Object, q queue) {
		if pod, ok := object.(*corev1.Pod); ok && selected(job, pod) && isPeer(pod) {
			enqueue(q, placement.Place(pod.Name))
		} else {
			remove(object, q)
		}
	}
	return handler.Funcs{
		CreateFunc: func(_ context.Context, e event.CreateEvent, q queue) { apply(e.Object, q) },
		UpdateFunc: func(_ context.Context, e event.UpdateEvent, q queue) { apply(e.ObjectNew, q) },
		DeleteFunc: func(_ context.Context, e event.DeleteEvent, q queue) { remove(e.Object, q) },
	}
}

// readPlacement finds where pods were placed before a restart, so that none has to move. What has gone meanwhile keeps its room.
func readPlacement(ctx context.Context, reader client.Reader, job peer.Job) (*peer.Placement, error) {
	placement := peer.NewPlacement(job.PerShard)
	var list corev1.ConfigMapList
	if err := reader.List(ctx, &list, client.InNamespace(job.Namespace)); err != nil {
		return nil, err
	}
	for _, configMap := range list.Items {
		document := configMap.Data["peers.json"]
		shard, ok := job.Shard(configMap.Name)
		if !ok || document == "" {
			continue
		}
		for _, text := range strings.Split(document, "\n") {
			var line peer.Line
			if err := json.Unmarshal([]byte(text), &line); err != nil {
				return nil, err
			}
			placement.Keep(line.Name, shard)
		}
	}
	return placement, nil
}
