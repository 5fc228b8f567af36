"""Muon (Jordan et al. 2024) in float32, since PyTorch's own works in bfloat16, which processors without it emulate slowly."""

import torch


class Muon(torch.optim.Optimizer):
    """Momentum whose update is orthogonalised; for matrices inside the network.  Scaled to Adam's usual step size."""

    def __init__(self, matrices: list[torch.nn.Parameter], lr: float, momentum: float = 0.95, decay: float = 0.01) -> None:
        super().__init__(matrices, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            shapes: dict[tuple[int, int], list[torch.nn.Parameter]] = {}
            for p in group["params"]:
                if p.grad is not None:
                    shapes.setdefault(tuple(p.shape), []).append(p)
            for (rows, columns), same in shapes.items():
                directions = []
                for p in same:
                    velocity = self.state[p].setdefault("velocity", torch.zeros_like(p))
                    velocity.lerp_(p.grad, 1 - group["momentum"])
                    directions.append(p.grad.lerp(velocity, group["momentum"]))
                updates = orthogonal(torch.stack(directions))
                size = 0.2 * max(rows, columns) ** 0.5
                for p, update in zip(same, updates):
                    p.mul_(1 - group["lr"] * group["decay"]).add_(update, alpha=-group["lr"] * size)


def orthogonal(g: torch.Tensor) -> torch.Tensor:
    """Nearest semi-orthogonal matrices of a stack [K, M, N], by four Newton-Schulz steps."""
    tall = g.shape[1] > g.shape[2]
    x = g.transpose(1, 2) if tall else g
    x = x / (x.flatten(1).norm(dim=1)[:, None, None] + 1e-7)
    for _ in range(4):
        square = x @ x.transpose(1, 2)
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return x.transpose(1, 2) if tall else x
