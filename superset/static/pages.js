// What this product changes in Superset's pages where Superset has no setting for it.

// Charts' descriptions: the pages of Superset 6.1.0 know them as description_markeddown and look for
// description_markdown, so that none is ever shown (apache/superset, issue 42999).
Object.defineProperty(Object.prototype, 'description_markdown', {
  configurable: true,
  get() {
    return this.description_markeddown;
  },
  set(value) {
    Object.defineProperty(this, 'description_markdown', { configurable: true, enumerable: true, writable: true, value });
  },
});

// The first line of each dashboard: how fresh its numbers are, as the chart "How fresh" says it. As a chart of its own on
// each page it would be the most expensive line of text there.
(() => {
  const CHART = 'How fresh';
  const HOLDER = 'How fresh the numbers are';
  const NEWS_MS = 15_000;
  const PUT_MS = 100;
  // Kept between pages, since asking for it takes longer than asking for the line.
  const KEPT = 'supply-chain-freshness';
  let told;
  const ask = async path => {
    const answer = await fetch(path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return (await answer.json()).result;
  };
  const put = () => {
    for (const line of document.querySelectorAll('.dashboard-markdown p')) {
      if (line.textContent.startsWith(HOLDER)) line.classList.add('freshness');
    }
    if (!told) return;
    for (const line of document.querySelectorAll('.dashboard-markdown p.freshness')) {
      if (line.textContent !== told) line.textContent = told;
    }
  };
  const look = async () => {
    if (document.hidden || !location.pathname.startsWith('/superset/dashboard/')) return;
    try {
      let chartId = sessionStorage.getItem(KEPT);
      if (!chartId) {
        const found = await ask(`/api/v1/chart/?q=(columns:!(id),filters:!((col:slice_name,opr:eq,value:'${CHART}')))`);
        if (!found.length) return;
        chartId = found[0].id;
      }
      const [row] = (await ask(`/api/v1/chart/${chartId}/data/`))[0].data;
      if (!row?.told) throw new Error(`chart ${chartId} has no row, as before the first order`);
      told = row.told;
      sessionStorage.setItem(KEPT, chartId);
    } catch (error) {
      sessionStorage.removeItem(KEPT);
      told = `Superset cannot say how fresh the numbers are: ${error.message}`;
    }
    put();
  };
  look();
  setInterval(look, NEWS_MS);
  setInterval(put, PUT_MS);
})();

// Tables: Superset 6.1.0 draws a table unseen, measures it, and then draws it at its place. Where the measuring comes too
// early the table stays unseen, until its width changes.
(() => {
  const TRIES = 10;
  const NUDGE_MS = 300;
  const tries = new WeakMap();
  const isUnseen = chart =>
    chart.getClientRects().length > 0 &&
    chart.querySelector('tbody td') !== null &&
    ![...chart.querySelectorAll('table')].some(table => getComputedStyle(table).visibility === 'visible');
  setInterval(() => {
    const unseen = [...document.querySelectorAll('.superset-chart-table')].filter(
      chart => isUnseen(chart) && (tries.get(chart) ?? 0) < TRIES,
    );
    if (!unseen.length) return;
    unseen.forEach(chart => tries.set(chart, (tries.get(chart) ?? 0) + 1));
    const grid = document.querySelector('.grid-container');
    if (!grid) return;
    grid.style.paddingRight = '2px';
    setTimeout(() => (grid.style.paddingRight = ''), NUDGE_MS);
  }, 2 * NUDGE_MS);
})();

// Charts below the window: Superset draws those of the next window's height together with those in the window. Here they
// wait until the charts in the window stand, so that nobody waits for what is not seen yet.
(() => {
  const AHEAD = '100% 0px';
  const LOOK_MS = 200;
  const PATIENCE_MS = 10_000;
  const Observer = window.IntersectionObserver;
  const started = performance.now();
  const stands = () => {
    const seen = [...document.querySelectorAll('.dashboard-chart')].filter(chart => {
      const { top, height } = chart.getBoundingClientRect();
      return height > 0 && top < innerHeight;
    });
    return (
      seen.length > 0 &&
      seen.every(
        chart =>
          chart.querySelector('canvas, tbody td, .ant-empty, [role=alert]') &&
          !chart.querySelector('.loading, [data-test=loading-indicator]'),
      )
    );
  };
  const windowStands = new Promise(resolve => {
    const look = setInterval(() => {
      if (!stands() && performance.now() - started < PATIENCE_MS) return;
      clearInterval(look);
      resolve();
    }, LOOK_MS);
  });
  window.IntersectionObserver = new Proxy(Observer, {
    construct(observer, [callback, options]) {
      if (options?.rootMargin !== AHEAD) return new observer(callback, options);
      const observers = [new observer(callback)];
      const rows = new Set();
      windowStands.then(() => {
        if (!observers.length) return;
        observers.push(new observer(callback, options));
        rows.forEach(row => observers.at(-1).observe(row));
      });
      return {
        observe: row => {
          rows.add(row);
          observers.forEach(each => each.observe(row));
        },
        disconnect: () => observers.splice(0).forEach(each => each.disconnect()),
      };
    },
  });
})();

// Phones: each chart of a dashboard gets a row of its own, and the filters are folded. Superset lays a dashboard out in
// twelve columns whatever the window's width.
(() => {
  if (!matchMedia('(max-width: 767px)').matches) return;

  if (location.pathname.startsWith('/superset/dashboard/')) {
    const address = new URL(location.href);
    if (!address.searchParams.has('expand_filters')) {
      address.searchParams.set('expand_filters', '0');
      history.replaceState(history.state, '', address);
    }
  }

  const WIDTH = 12;
  const LINES = 22;
  const stacked = position => {
    const result = { ...position };
    for (const parent of Object.values(position)) {
      if (!parent?.children) continue;
      const children = parent.children.flatMap(id => {
        const row = position[id];
        if (row?.type !== 'ROW' || row.children.length < 2) return [id];
        return row.children.map((child, index) => {
          const place = index ? `${id}-${index}` : id;
          result[place] = { ...row, id: place, children: [child] };
          result[child] = { ...position[child], parents: [...row.parents, place] };
          return place;
        });
      });
      if (parent.type !== 'ROW') result[parent.id] = { ...result[parent.id], children };
    }
    for (const part of Object.values(result)) {
      if (!part?.meta?.width) continue;
      // A line of text on a desk is several lines on a phone.
      part.meta = { ...part.meta, width: WIDTH, height: Math.max(part.meta.height, LINES) };
    }
    return result;
  };

  const ask = window.fetch;
  window.fetch = async (...request) => {
    const answer = await ask(...request);
    const { pathname } = new URL(request[0]?.url ?? request[0], location.href);
    if (!answer.ok || !/^\/api\/v1\/dashboard\/[\w-]+$/.test(pathname)) return answer;
    const content = await answer.clone().json().catch(() => null);
    if (!content?.result?.position_json) return answer;
    content.result.position_json = JSON.stringify(stacked(JSON.parse(content.result.position_json)));
    return new Response(JSON.stringify(content), { status: answer.status, headers: answer.headers });
  };
})();
