// How each kind of question is answered: one function a look, from what the server says of the question to an element.
// Every one works by touch and by keyboard alone, and is a group named by the question.
window.samtalReplies = (() => {
  const ARROWS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

  const group = ({ h }, spec, looks, ...children) => {
    const described = [spec.part && "samtal-part", spec.hint && "samtal-hint", "samtal-notes"].filter(Boolean).join(" ");
    const label = spec.part ? `${spec.label} ${spec.part.text}` : spec.label;
    const names = { role: "group", "aria-label": label, "aria-describedby": described, tabindex: -1 };
    return h("div", { class: looks, ...names }, ...children);
  };

  // One stop for the tabulator in a row of buttons; arrows, Home and End move inside it.
  const rove = (box, selector = "button") => {
    const buttons = () => [...box.querySelectorAll(selector)].filter((button) => !button.disabled);
    const hold = (chosen) => buttons().forEach((button) => (button.tabIndex = button === chosen ? 0 : -1));
    box.addEventListener("keydown", (event) => {
      const all = buttons();
      const at = all.indexOf(document.activeElement);
      if (event.key === "Enter" && event.repeat) event.preventDefault();
      if (at < 0) return;
      const ends = { Home: 0, End: all.length - 1 };
      const step = ARROWS[event.key];
      const next = event.key in ends ? ends[event.key] : step && (at + step + all.length) % all.length;
      if (next === undefined) return;
      event.preventDefault();
      all[next].focus();
    });
    box.addEventListener("focusin", (event) => buttons().includes(event.target) && hold(event.target));
    hold(buttons().find((button) => button.matches(".chosen")) ?? buttons()[0]);
    return box;
  };

  const done = ({ h, words }, press) =>
    h("button", { type: "button", class: "main done", onclick: press, disabled: !press }, words.done);

  const own = ({ h, words }, { other, label }, text, submit) => {
    const field = h("input", { type: "text", "aria-label": `${label} ${other}`, placeholder: words.placeholder, value: text });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      submit();
    });
    return field;
  };

  const same = (one, another) => JSON.stringify(one) === JSON.stringify(another);

  const pick = (spec, tools) => {
    const { h, send, keep, words } = tools;
    const mine = spec.value?.other;
    const options = spec.options.map(({ value, text, name }) => {
      const chosen = same(value, spec.value);
      const looks = { type: "button", class: `option${chosen ? " chosen" : ""}`, "aria-label": name, onclick: () => send(value) };
      return h("button", { ...looks, "aria-current": chosen ? "true" : null }, text);
    });
    const row = rove(h("div", { class: `options ${spec.layout}` }, ...options));
    const count = spec.options.length;
    row.style.setProperty("--count", Math.min(count, 12));
    row.style.setProperty("--narrow", count > 7 ? Math.min(6, Math.ceil(count / 2)) : count);
    const box = group(tools, spec, "pick", row);
    if (spec.ends) box.append(h("p", { class: "ends", "aria-hidden": "true" }, ...spec.ends.map((end) => h("span", {}, end))));
    if (spec.other) {
      const field = own(tools, spec, mine ?? "", () => send({ other: field.value }));
      const answer = h("button", { type: "button", class: "main", onclick: () => send({ other: field.value }) }, words.done);
      const line = h("div", { class: "own", hidden: mine === undefined }, field, answer);
      const open = () => {
        line.hidden = false;
        opener.setAttribute("aria-expanded", "true");
        keep({ other: field.value });
        field.focus();
      };
      field.addEventListener("input", () => keep({ other: field.value }));
      const looks = { type: "button", class: "option", "aria-expanded": String(mine !== undefined), onclick: open };
      const opener = h("button", looks, spec.other);
      row.append(opener);
      box.append(line);
      rove(row);
    }
    return box;
  };

  const list = (spec, tools) => {
    const { h, send, keep, words } = tools;
    const own_index = String(spec.options.length);
    const at = spec.value?.other === undefined ? spec.options.findIndex(({ value }) => same(value, spec.value)) : own_index;
    const choices = spec.options.map(({ text }, index) => h("option", { value: String(index) }, text));
    if (spec.other) choices.push(h("option", { value: own_index }, spec.other));
    const select = h("select", { "aria-label": spec.label }, h("option", { value: "" }, words.choose), ...choices);
    select.value = String(at) === "-1" ? "" : String(at);
    const field = spec.other ? own(tools, spec, spec.value?.other ?? "", () => submit()) : null;
    const chosen = () => {
      if (select.value === own_index && field) return { other: field.value };
      return select.value ? spec.options[Number(select.value)].value : undefined;
    };
    const submit = () => {
      if (chosen() === undefined) select.focus();
      else send(chosen());
    };
    const change = () => {
      if (field) field.hidden = select.value !== own_index;
    };
    const changed = () => {
      keep(chosen());
      change();
    };
    select.addEventListener("change", changed);
    field?.addEventListener("input", changed);
    select.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !select.value) return;
      event.preventDefault();
      submit();
    });
    change();
    return group(tools, spec, "list", select, field, done(tools, submit));
  };

  const several = (spec, tools) => {
    const { h, send, keep } = tools;
    const chosen = Array.isArray(spec.value) ? spec.value : [];
    const mine = chosen.find((value) => value?.other !== undefined)?.other;
    const boxes = spec.options.map(({ value, text, alone }, index) => {
      const on = chosen.some((one) => same(one, value));
      const box = h("input", { type: "checkbox", "data-index": index, "data-alone": alone, checked: on });
      return h("label", { class: "option check" }, box, h("span", {}, text));
    });
    const toggle = spec.other ? h("input", { type: "checkbox", checked: mine !== undefined }) : null;
    const field = spec.other ? own(tools, spec, mine ?? "", () => submit()) : null;
    if (toggle) boxes.push(h("label", { class: "option check" }, toggle, h("span", {}, spec.other)));
    const inputs = () => [...box.querySelectorAll("input[type=checkbox]")];
    const ticked = () => {
      const values = inputs().filter((input) => input.checked && input !== toggle);
      const found = values.map((input) => spec.options[Number(input.dataset.index)].value);
      return toggle?.checked ? [...found, { other: field.value }] : found;
    };
    const submit = () => send(ticked());
    const limit = () => {
      const count = inputs().filter((input) => input.checked).length;
      const full = spec.most !== null && count >= spec.most;
      for (const input of inputs()) input.disabled = full && !input.checked && !("alone" in input.dataset);
      if (field) field.hidden = !toggle.checked;
    };
    const box = group(tools, spec, "several", h("div", { class: "options stack" }, ...boxes), field, done(tools, submit));
    box.addEventListener("change", ({ target }) => {
      if (target.type !== "checkbox") return;
      const clash = (other) => other !== target && ("alone" in target.dataset || "alone" in other.dataset);
      if (target.checked) for (const input of inputs().filter(clash)) input.checked = false;
      limit();
      keep(ticked());
      if (target === toggle && toggle.checked) field.focus();
    });
    field?.addEventListener("input", () => keep(ticked()));
    limit();
    return box;
  };

  const rank = (spec, tools) => {
    const { h, send, keep, words } = tools;
    const places = Array.isArray(spec.value) ? spec.value.map((value) => spec.options.findIndex((option) => option.value === value)) : [];
    const all = spec.options.length;
    const badges = spec.options.map(() => h("span", { class: "badge", "aria-hidden": "true" }));
    const buttons = spec.options.map(({ text }, index) => {
      const press = () => {
        const at = places.indexOf(index);
        if (at >= 0) places.splice(at, 1);
        else if (spec.most === null || places.length < spec.most) places.push(index);
        if (at < 0 && spec.least === all && places.length === all - 1) places.push(buttons.findIndex((_, left) => !places.includes(left)));
        keep(ranked());
        show();
      };
      return h("button", { type: "button", class: "option ranked", onclick: press }, badges[index], h("span", {}, text));
    });
    const ranked = () => places.map((index) => spec.options[index].value);
    const confirm = done(tools, () => send(ranked()));
    const show = () => {
      buttons.forEach((button, index) => {
        const at = places.indexOf(index);
        badges[index].textContent = at < 0 ? "" : at + 1;
        button.classList.toggle("chosen", at >= 0);
        const place = at < 0 ? words.not_ranked : `${words.place} ${at + 1}`;
        button.setAttribute("aria-label", `${spec.options[index].text}: ${place}`);
      });
      confirm.disabled = places.length < spec.least;
    };
    show();
    return group(tools, spec, "rank", rove(h("div", { class: "options stack" }, ...buttons)), confirm);
  };

  const write = (spec, tools) => {
    const { h, send, words, keep, icon } = tools;
    const long = spec.type === "long";
    const kind = spec.type === "email" ? "email" : "text";
    const looks = {
      "aria-label": spec.label,
      "aria-describedby": "samtal-notes",
      placeholder: spec.placeholder || words.placeholder,
      enterkeyhint: "send",
      autocomplete: spec.type === "email" ? "email" : "off",
      inputmode: { email: "email", number: "decimal" }[spec.type],
      type: long ? null : kind,
      rows: long ? 1 : null,
      value: spec.value ?? "",
    };
    const field = h(long ? "textarea" : "input", looks);
    const submit = () => send(field.value);
    const grow = () => {
      if (!long) return;
      field.style.height = "auto";
      field.style.height = `${Math.min(field.scrollHeight + 2, 200)}px`;
    };
    field.addEventListener("input", () => {
      keep(field.value);
      grow();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.repeat) return;
      event.preventDefault();
      submit();
    });
    requestAnimationFrame(grow);
    const button = h("button", { type: "button", class: "main send", "aria-label": words.send, onclick: submit }, icon("send"));
    return group(tools, spec, "write", field, button);
  };

  const date = (spec, tools) => {
    const { h, send, keep } = tools;
    const looks = { type: "date", "aria-label": spec.label, min: spec.least, max: spec.most, value: spec.value ?? "" };
    const field = h("input", looks);
    const submit = () => send(field.value);
    field.addEventListener("input", () => keep(field.value));
    field.addEventListener("keydown", (event) => event.key === "Enter" && submit());
    return group(tools, spec, "date", field, done(tools, submit));
  };

  const slide = (spec, tools) => {
    const { h, send, keep, words, language } = tools;
    const start = spec.value ?? spec.start;
    const looks = { type: "range", "aria-label": spec.label, min: spec.least, max: spec.most, step: spec.step, value: start };
    const range = h("input", looks);
    range.value = start;
    const output = h("output", {});
    const submit = () => send(Number(range.value));
    const confirm = done(tools, submit);
    const show = (moved) => {
      const number = new Intl.NumberFormat(language).format(Number(range.value));
      output.textContent = number;
      confirm.textContent = words.answer_is.replace("{value}", number);
      range.setAttribute("aria-valuetext", number);
      box.classList.toggle("untouched", !moved);
    };
    range.addEventListener("input", () => {
      keep(Number(range.value));
      show(true);
    });
    range.addEventListener("keydown", (event) => event.key === "Enter" && submit());
    const ends = h("p", { class: "ends", "aria-hidden": "true" }, ...spec.ends.map((end) => h("span", {}, end)));
    const box = group(tools, spec, "slide", output, range, ends, confirm);
    show(spec.value !== null);
    return box;
  };

  const bestworst = (spec, tools) => {
    const { h, send, keep } = tools;
    const chosen = { best: spec.value?.best, worst: spec.value?.worst };
    const buttons = [];
    const press = (side, value) => {
      const other = side === "best" ? "worst" : "best";
      chosen[side] = chosen[side] === value ? undefined : value;
      if (chosen[other] === value) chosen[other] = undefined;
      keep({ ...chosen });
      show();
      if (chosen.best !== undefined && chosen.worst !== undefined) send({ ...chosen, set: spec.set });
    };
    const button = (side, { value, text }) => {
      const looks = { type: "button", class: `option ${side}`, "aria-label": `${spec[side]}: ${text}` };
      const made = h("button", { ...looks, onclick: () => press(side, value) }, spec[side]);
      buttons.push({ made, side, value });
      return made;
    };
    const show = () => {
      for (const { made, side, value } of buttons) {
        made.setAttribute("aria-pressed", String(chosen[side] === value));
        made.classList.toggle("chosen", chosen[side] === value);
      }
    };
    const rows = spec.options.map((option) =>
      h("div", { class: "row" }, button("best", option), h("span", {}, option.text), button("worst", option)),
    );
    show();
    return group(tools, spec, "bestworst", rove(h("div", { class: "rows" }, ...rows)));
  };

  const divide = (spec, tools) => {
    const { h, send, keep, words } = tools;
    const left = h("p", { class: "left", role: "status" });
    const amount = (field) => Math.max(0, Math.round(Number(field.value.replace(",", ".")) || 0));
    const given = () => fields.reduce((sum, field) => sum + amount(field), 0);
    const add = (field, step) => {
      const room = spec.total - given();
      field.value = Math.max(0, amount(field) + (step > 0 ? Math.min(step, Math.max(room, 0)) : step));
      keep(shares());
      show();
    };
    const fields = spec.options.map(({ value, text }) => {
      const start = spec.value?.[String(value)] ?? 0;
      return h("input", { type: "text", inputmode: "numeric", autocomplete: "off", "aria-label": text, value: start });
    });
    const shares = () => Object.fromEntries(fields.map((field, index) => [spec.options[index].value, amount(field)]));
    const submit = () => send(shares());
    const stepper = (field, step, text) => {
      const sign = step > 0 ? words.more : words.less;
      const looks = { type: "button", class: "option step", "aria-label": `${text}: ${sign}`, onclick: () => add(field, step) };
      return h("button", { ...looks, tabindex: -1 }, step > 0 ? "+" : "−");
    };
    const rows = spec.options.map(({ text }, index) => {
      const field = fields[index];
      field.addEventListener("focus", () => field.select());
      field.addEventListener("input", () => {
        keep(shares());
        show();
      });
      field.addEventListener("keydown", (event) => {
        const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (step) event.preventDefault();
        if (step) add(field, step * (event.shiftKey ? 1 : spec.step));
        if (event.key === "Enter" && !event.repeat) (fields[index + 1] && given() !== spec.total ? fields[index + 1] : confirm).focus();
        if (event.key === "Enter") event.preventDefault();
      });
      return h("div", { class: "row" }, h("span", {}, text), stepper(field, -spec.step, text), field, stepper(field, spec.step, text));
    });
    const confirm = done(tools, submit);
    const show = () => {
      const rest = spec.total - given();
      left.textContent = (rest < 0 ? words.too_much : words.left).replace("{points}", Math.abs(rest));
      left.classList.toggle("over", rest < 0);
      confirm.disabled = rest !== 0;
    };
    show();
    return group(tools, spec, "divide", h("div", { class: "rows" }, ...rows), left, confirm);
  };

  return { pick, list, several, rank, write, date, slide, bestworst, divide };
})();
