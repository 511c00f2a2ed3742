"""Times PyTorch over the model of models/digits on a GPU: calls of some batches, and training steps. Prints a line each."""
import statistics
import time

import torch
from torch import nn

torch.backends.cuda.matmul.allow_tf32 = True
torch.backends.cudnn.allow_tf32 = True
device = torch.device("cuda")
model = nn.Sequential(
    nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Dropout(0.4), nn.Linear(24 * 4 * 4, 10)).to(device)


def median_microseconds(call, calls=300):
    for _ in range(50):
        call()
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        call()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return 1e6 * statistics.median(times)


print(torch.__version__, torch.cuda.get_device_name())
model.eval()
for batch in 1, 32, 256:
    images = torch.rand(batch, 1, 8, 8).pin_memory()

    def predict():
        with torch.no_grad():
            torch.softmax(model(images.to(device, non_blocking=True)), 1).cpu()

    print(f"predict, batch {batch}: median {median_microseconds(predict):.1f} µs")
model.train()
optimiser = torch.optim.AdamW(model.parameters(), 3e-3)
images, labels = torch.rand(32, 1, 8, 8).pin_memory(), torch.randint(10, (32,)).pin_memory()


def step():
    optimiser.zero_grad(set_to_none=True)
    scores = model(images.to(device, non_blocking=True))
    nn.functional.cross_entropy(scores, labels.to(device, non_blocking=True)).backward()
    optimiser.step()


print(f"training step, batch 32: median {median_microseconds(step):.1f} µs")
