"use strict";
// Draws the report from the JSON beside it. Everything user-written goes in as text, never as markup.
(() => {
  const report = JSON.parse(document.getElementById("report-data").textContent);
  const colours = ["#2f6fde", "#d9730d", "#13795b", "#8e4ec6", "#b42318", "#0e8aa0", "#9a6700", "#c2418b"];

  const make = (tag, text, className) => {
    const element = document.createElement(tag);
    if (text !== undefined && text !== null) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const section = (title) => {
    const part = make("section");
    part.append(make("h2", title));
    document.getElementById("sections").append(part);
    return part;
  };
  const number = (value) => {
    if (value === null || value === undefined || Number.isNaN(Number(value))) return "–";
    const size = Math.abs(value);
    if (Number.isInteger(value)) return value.toLocaleString("en");
    return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(3) : Number(value.toPrecision(5)).toString();
  };
  const table = (headings, rows, numeric = []) => {
    const result = make("table");
    const head = make("tr");
    headings.forEach((heading, i) => head.append(make("th", heading, numeric.includes(i) ? "number" : "")));
    result.append(head);
    for (const row of rows) {
      const line = make("tr");
      row.forEach((cell, i) => line.append(
        cell instanceof Node ? cell : make("td", cell, numeric.includes(i) ? "number" : "")));
      result.append(line);
    }
    return result;
  };
  const chart = (holder, id, settings, small) => {
    const box = make("div", null, small ? "chart small" : "chart");
    const canvas = make("canvas");
    canvas.id = id;
    box.append(canvas);
    holder.append(box);
    return new Chart(canvas, settings);
  };
  const axes = (x, y, logarithmic) => ({
    x: { title: { display: Boolean(x), text: x } },
    y: { title: { display: Boolean(y), text: y }, type: logarithmic ? "logarithmic" : "linear" },
  });
  const lines = (holder, id, title, series, y, logarithmic) => chart(holder, id, {
    type: "line",
    data: {
      labels: report.epochs.map((epoch) => epoch.epoch),
      datasets: series.map((one, i) => ({
        label: one.label, data: one.values, borderColor: colours[i % colours.length],
        backgroundColor: colours[i % colours.length], borderWidth: 2, pointRadius: report.epochs.length > 40 ? 0 : 2,
      })),
    },
    options: {
      animation: false, maintainAspectRatio: false, spanGaps: true,
      plugins: { title: { display: true, text: title } }, scales: axes("epoch", y, logarithmic),
    },
  });

  const heading = () => {
    document.getElementById("title").textContent = report.model;
    document.getElementById("doc").textContent = report.doc;
    const summary = document.getElementById("summary");
    for (const [name, value] of Object.entries(report.summary)) {
      const pair = make("div");
      pair.append(make("dt", name), make("dd", value));
      summary.append(pair);
    }
    for (const warning of report.warnings) document.getElementById("warnings").append(make("p", "⚠ " + warning, "warning"));
  };

  const requirements = () => {
    if (report.requirements.length === 0) return;
    section("Requirements").append(table(["requirement", "measured", ""], report.requirements.map((one) =>
      [one.text, number(one.value), make("td", one.met ? "met" : "not met", one.met ? "met" : "missed")]), [1]));
  };

  const metrics = () => {
    const rows = [];
    for (const [split, values] of Object.entries(report.metrics)) {
      for (const [measure, value] of Object.entries(values)) {
        rows.push([split, measure, number(value), number((report.baselines[split] || {})[measure])]);
      }
    }
    if (rows.length > 0) {
      section("Metrics").append(table(["rows", "measure", "model", "best constant predictor"], rows, [2, 3]));
    }
    const folds = Object.entries(report.folds);
    if (folds.length > 0) {
      section("Cross-validation").append(table(["measure", "mean", "standard deviation", "best constant predictor", "folds"], folds.map(([name, values]) => {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1));
        const constant = (report.baselines.folds || report.baselines.test || {})[name];
        return [name, number(mean), number(spread), number(constant), values.map(number).join(", ")];
      }), [1, 2, 3]));
    }
  };

  const compression = () => {
    if (!report.compression) return;
    const { quantities, parameters } = report.compression;
    const part = section("Compression");
    part.append(table(["of the model", "before", "after", "ratio"], quantities.map((one) =>
      [one.name, number(one.before), number(one.after), number(one.after / one.before)]), [1, 2, 3]));
    const percent = (value) => Number.isFinite(value) ? (100 * value).toFixed(2) + " %" : "–";
    const stored = table(["parameter", "shape", "stored", "bytes before", "after", "zeros", "error", "lost by it alone", "multiplied with"],
      parameters.map((one) => [one.name, one.shape, one.stored, number(one.bytesBefore), number(one.bytesAfter), percent(one.zeros),
        percent(one.weightError), Number.isFinite(one.sensitivity) ? number(one.sensitivity) : "–", one.input]), [3, 4, 5, 6, 7]);
    stored.id = "compression-parameters";
    part.append(stored);
    const holder = make("div", null, "charts");
    part.append(holder);
    for (const one of parameters.filter((each) => each.stored.startsWith("int") || each.zeros > 0.05)) {
      chart(holder, "weights-" + one.name, {
        type: "bar",
        data: { labels: one.histogram.map((_, i) => i - (one.histogram.length - 1) / 2), datasets: [{ data: one.histogram, backgroundColor: colours[0] }] },
        options: {
          animation: false, maintainAspectRatio: false,
          plugins: { title: { display: true, text: one.name + " as stored" }, legend: { display: false } }, scales: axes("parts of the largest, 0 in the middle", "weights"),
        },
      }, true);
    }
  };

  const curves = () => {
    if (report.epochs.length === 0) return;
    const holder = make("div", null, "charts");
    section("Training").append(holder);
    const of = (get) => report.epochs.map((epoch) => { const value = get(epoch); return value === undefined ? null : value; });
    const loss = [{ label: "training loss", values: of((epoch) => epoch.loss) }];
    const measured = new Set(report.epochs.flatMap((epoch) => Object.keys(epoch.validation)));
    if (measured.delete("loss")) loss.push({ label: "validation loss", values: of((epoch) => epoch.validation.loss) });
    lines(holder, "loss-chart", "Loss", loss, "loss");
    for (const measure of measured) {
      lines(holder, "measure-" + measure, measure + " on validation rows",
        [{ label: measure, values: of((epoch) => epoch.validation[measure]) }], measure);
    }
    lines(holder, "rate-chart", "Learning rate", [{ label: "rate", values: of((epoch) => epoch.rate) }], "rate");
    lines(holder, "time-chart", "Time per epoch", [{ label: "seconds", values: of((epoch) => epoch.seconds) }], "seconds");
    const layers = [...new Set(report.epochs.flatMap((epoch) => Object.keys(epoch.gradientNorms)))];
    if (layers.length > 0) {
      lines(holder, "gradient-chart", "Gradient norm by layer", layers.map((layer) =>
        ({ label: layer, values: of((epoch) => epoch.gradientNorms[layer]) })), "L2 norm", true);
    }
  };

  const confusion = () => {
    if (!report.confusion) return;
    const { split, labels, counts } = report.confusion;
    const part = section(`Confusion matrix (${split} rows; a line is an actual class, a column a predicted one)`);
    const rows = labels.map((label, i) => {
      const total = Math.max(1, counts[i].reduce((sum, count) => sum + count, 0));
      return [make("th", label), ...counts[i].map((count, j) => {
        const cell = make("td", count);
        cell.style.background = `rgba(${i === j ? "19,121,91" : "180,35,24"}, ${Math.sqrt(count / total) * 0.75})`;
        return cell;
      })];
    });
    const drawn = table(["", ...labels], rows);
    drawn.className = "confusion";
    drawn.id = "confusion-matrix";
    const scroll = make("div", null, "scroll");
    scroll.append(drawn);
    part.append(scroll);
  };

  const residuals = () => {
    if (!report.residuals) return;
    const { split, predicted, actual } = report.residuals;
    const holder = make("div", null, "charts");
    section(`Residuals (${split} rows)`).append(holder);
    const scatter = (id, title, points, x, y) => chart(holder, id, {
      type: "scatter",
      data: { datasets: [{ label: title, data: points, backgroundColor: colours[0] + "99", pointRadius: 2.5 }] },
      options: { animation: false, maintainAspectRatio: false, scales: axes(x, y),
        plugins: { title: { display: true, text: title }, legend: { display: false } } },
    });
    scatter("prediction-chart", "Predicted against actual", actual.map((x, i) => ({ x, y: predicted[i] })), "actual", "predicted");
    scatter("residual-chart", "Residual against predicted", predicted.map((x, i) => ({ x, y: actual[i] - x })), "predicted", "actual − predicted");
  };

  const inputs = () => {
    if (report.inputs.length === 0) return;
    const holder = make("div", null, "charts");
    section("Inputs (training rows)").append(holder);
    report.inputs.forEach((input, i) => chart(holder, "input-" + i, {
      type: "bar",
      data: { labels: input.bins, datasets: [{ data: input.counts, backgroundColor: colours[0], categoryPercentage: 1, barPercentage: 0.95 }] },
      options: { animation: false, maintainAspectRatio: false,
        plugins: { legend: { display: false }, title: { display: true, text: input.name + (input.missing ? ` (${input.missing} missing)` : "") } },
        scales: { x: { ticks: { maxTicksLimit: 4, maxRotation: 0 } }, y: { ticks: { maxTicksLimit: 4 } } } },
    }, true));
  };

  const structure = () => {
    const total = report.layers.reduce((sum, layer) => sum + layer.count, 0);
    section(`Parameters (${number(total)} numbers)`).append(table(["layer", "parameter", "shape", "numbers"],
      report.layers.map((one) => [one.layer, one.parameter, one.shape, number(one.count)]), [3]));
    const scroll = make("div", null, "scroll");
    // Made by modelc with every name escaped; the only markup taken from the data.
    scroll.innerHTML = report.graphSvg;
    section("Model graph").append(scroll);
    section("Memory plan").append(table(["program", "workspace", "bytes at the recipe's batch"],
      report.memory.map((one) => [one.program, one.formula, number(one.bytes)]), [2]));
  };

  heading();
  requirements();
  metrics();
  compression();
  curves();
  confusion();
  residuals();
  inputs();
  structure();
  document.documentElement.dataset.drawn = String(Object.keys(Chart.instances).length);
})();
