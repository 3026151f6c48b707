import {
  ArcElement, BarController, BarElement, CategoryScale, Chart, DoughnutController, Filler, Legend, LinearScale,
  LineController, LineElement, PointElement, Tooltip,
} from "chart.js";

Chart.register(
  ArcElement, BarController, BarElement, CategoryScale, DoughnutController, Filler, Legend, LinearScale,
  LineController, LineElement, PointElement, Tooltip,
);

const started = new Map();
const variable = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The series' colours: the brand first, then ink and the state colours, so that neighbours differ in lightness too. */
function palette() {
  return ["--brand", "--ink", "--good", "--waiting", "--muted"].map(variable);
}

function dataset(kind, colour) {
  const common = { backgroundColor: colour, borderColor: colour };
  if (kind === "bar") return { ...common, borderRadius: 3, maxBarThickness: 36 };
  return { ...common, borderWidth: 2, pointRadius: 0, pointHitRadius: 16, tension: 0.25 };
}

function options(kind, many) {
  const ticks = { color: variable("--muted"), font: { family: "Inter", size: 12 } };
  const scales = {
    x: { grid: { display: false }, border: { color: variable("--line") }, ticks: { ...ticks, maxRotation: 0 } },
    y: { beginAtZero: true, grid: { color: variable("--line") }, border: { display: false }, ticks: { ...ticks, maxTicksLimit: 5 } },
  };
  const legend = { display: many, align: "start", labels: { color: variable("--ink"), boxWidth: 10, boxHeight: 10 } };
  return {
    maintainAspectRatio: false,
    animation: false,
    interaction: { mode: "index", intersect: false },
    cutout: "70%",
    scales: kind === "doughnut" ? {} : scales,
    plugins: { legend: kind === "doughnut" ? { ...legend, display: true, position: "right" } : legend },
  };
}

function draw(canvas) {
  const { kind, labels, series } = JSON.parse(canvas.dataset.chart);
  const colours = palette();
  const datasets = series.map(({ label, values }, index) => ({
    label, data: values,
    ...(kind === "doughnut"
      ? { backgroundColor: colours, borderColor: variable("--surface"), borderWidth: 2 }
      : dataset(kind, colours[index % colours.length])),
  }));
  started.get(canvas)?.destroy();
  started.set(canvas, new Chart(canvas, { type: kind, data: { labels, datasets }, options: options(kind, series.length > 1) }));
}

/** Draws the canvas from its JSON, once. */
export function start(canvas) {
  if (!started.has(canvas)) draw(canvas);
}

function redraw() {
  for (const canvas of started.keys()) {
    if (canvas.isConnected) draw(canvas);
    else started.delete(canvas);
  }
}

new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
