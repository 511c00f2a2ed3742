"""Times PyTorch over the model of models/digits on a GPU: calls of some batches, and training steps. Prints a line each.

`peer.py cpu 3` asks the processor, three calls each: whether the script runs, on a machine without a GPU.
"""
import statistics
import sys
import time

import torch
from torch import nn

torch.backends.cuda.matmul.allow_tf32 = True
torch.backends.cudnn.allow_tf32 = True
device = torch.device(sys.argv[1] if len(sys.argv) > 1 else "cuda")
calls = int(sys.argv[2]) if len(sys.argv) > 2 else 300
on_gpu = device.type == "cuda"
model = nn.Sequential(
    nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Dropout(0.4), nn.Linear(24 * 4 * 4, 10)).to(device)


def pinned(tensor):
    return tensor.pin_memory() if on_gpu else tensor


def median_microseconds(call):
    for _ in range(calls // 6):
        call()
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        call()
        if on_gpu:
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return 1e6 * statistics.median(times)


print(torch.__version__, torch.cuda.get_device_name() if on_gpu else device)
model.eval()
for batch in 1, 32, 256:
    images = pinned(torch.rand(batch, 1, 8, 8))

    def predict():
        with torch.no_grad():
            torch.softmax(model(images.to(device, non_blocking=True)), 1).cpu()

    print(f"predict, batch {batch}: median {median_microseconds(predict):.1f} µs")
model.train()
optimiser = torch.optim.AdamW(model.parameters(), 3e-3)
images, labels = pinned(torch.rand(32, 1, 8, 8)), pinned(torch.randint(10, (32,)))


def step():
    optimiser.zero_grad(set_to_none=True)
    scores = model(images.to(device, non_blocking=True))
    nn.functional.cross_entropy(scores, labels.to(device, non_blocking=True)).backward()
    optimiser.step()


print(f"training step, batch 32: median {median_microseconds(step):.1f} µs")
