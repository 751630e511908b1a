"""Where session workflows will run: `local` on the product's own database, `temporal` beyond one
machine. Runs of commands go through `ports.Engine`, which the worker's confined child fits."""
