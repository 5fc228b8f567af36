"""Muon (Jordan et al. 2024), whose products are made in bfloat16 and shared out among processes."""

import torch


class Muon(torch.optim.Optimizer):
    """Momentum whose update is orthogonalised; for matrices inside the network.  Scaled to Adam's usual step size.

    Of `count` processes each changes only its own matrices, those whose `owner` is its rank.
    """

    def __init__(self, matrices: list[torch.nn.Parameter], lr: float, rank: int = 0, count: int = 1) -> None:
        super().__init__(matrices, {"lr": lr, "momentum": 0.95, "decay": 0.01})
        seen: dict[tuple[int, int], int] = {}
        self.owner, self.rank = {}, rank
        for p in matrices:
            self.owner[p] = seen.get(tuple(p.shape), 0) % count
            seen[tuple(p.shape)] = seen.get(tuple(p.shape), 0) + 1

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
                    if self.owner[p] == self.rank:
                        directions.append(p.grad.lerp(velocity, group["momentum"]))
                if not directions:
                    continue
                updates = orthogonal(torch.stack(directions))
                size = 0.2 * max(rows, columns) ** 0.5
                for p, update in zip((p for p in same if self.owner[p] == self.rank), updates):
                    p.mul_(1 - group["lr"] * group["decay"]).add_(update, alpha=-group["lr"] * size)


def orthogonal(g: torch.Tensor) -> torch.Tensor:
    """Nearest semi-orthogonal matrices of a stack [K, M, N], by four Newton-Schulz steps."""
    tall = g.shape[1] > g.shape[2]
    whole = g.dtype
    x = g.transpose(1, 2) if tall else g
    x = (x / (x.flatten(1).norm(dim=1)[:, None, None] + 1e-7)).to(torch.bfloat16)
    for _ in range(4):
        square = x @ x.transpose(1, 2)
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return (x.transpose(1, 2) if tall else x).to(whole)
