/** The sample library: three functions and two tools for sales and metrics. */
export const sampleFunctions = `# Shared functions of the sample library.
functions:
  - name: calculate_efficiency
    description: Return on cost in whole percent; 0 when there was no cost.
    definition: |
      def calculate_efficiency($revenue; $cost):
        if $cost > 0
        then (($revenue - $cost) * 100 / $cost) | floor
        else 0
        end;
    parameters:
      - { name: revenue, type: number }
      - { name: cost, type: number }
    cases:
      - { name: profit, input: null, call: "calculate_efficiency(150; 100)", expect: [50] }
      - { name: loss, input: null, call: "calculate_efficiency(50; 100)", expect: [-50] }
      - { name: no cost, input: null, call: "calculate_efficiency(10; 0)", expect: [0] }

  - name: analyze_trends
    description: Moving averages of a list over a window.
    definition: |
      def analyze_trends($data; $window):
        ($data | length) as $n
        | if $n < $window then []
          else [range(0; $n - $window + 1) as $from | $data[$from:$from + $window] | add / $window]
          end;
    parameters:
      - { name: data, type: array }
      - { name: window, type: integer }
    cases:
      - { name: rising, input: [1, 2, 3, 4], call: "analyze_trends(.; 2)", expect: [[1.5, 2.5, 3.5]] }
      - { name: too short, input: [1], call: "analyze_trends(.; 2)", expect: [[]] }

  - name: group_and_aggregate
    description: Groups a list of objects by a field and aggregates another one (sum, avg, max, min, else count).
    definition: |
      def group_and_aggregate($by; $field; $how):
        def aggregate:
          if $how == "sum" then add
          elif $how == "avg" then add / length
          elif $how == "max" then max
          elif $how == "min" then min
          else length
          end;
        group_by(.[$by])
        | map({ ($by): .[0][$by], value: (map(.[$field]) | aggregate) });
    depends_on: []
    cases:
      - name: sum
        input: [{ k: a, n: 1 }, { k: b, n: 2 }, { k: a, n: 3 }]
        call: 'group_and_aggregate("k"; "n"; "sum")'
        expect: [[{ k: a, value: 4 }, { k: b, value: 2 }]]
`;

export const sampleTools = `# Tools of the sample library; placeholders become bound parameters on import.
tools:
  - name: analyze_performance
    description: Efficiency of each record, and whether it made money.
    query: |
      # The function comes from the library.
      calculate_efficiency(.revenue; .cost) as $efficiency
      | { dataset: "\${dataset_name}", efficiency: $efficiency, profitable: ($efficiency > 0) }
    required_functions: [calculate_efficiency]
    input_mode: each
    parameters:
      - { name: dataset_name, type: string, required: true, description: Label put into each result. }
    datasets: [sales, products]
    examples:
      - name: one record
        input: [{ revenue: 150, cost: 100 }]
        arguments: { dataset_name: x }
        expect: [{ dataset: x, efficiency: 50, profitable: true }]

  - name: trend_analysis
    description: Moving average of a series and the direction it takes.
    query: |
      .data
      | analyze_trends(.; \${window_size}) as $trends
      | {
          original_data: .,
          trends: $trends,
          direction: (
            if $trends[-1] > $trends[0] then "increasing"
            elif $trends[-1] < $trends[0] then "decreasing"
            else "stable"
            end
          )
        }
    required_functions: [analyze_trends]
    parameters:
      - { name: window_size, type: integer, default: 7, minimum: 1, description: Values per average. }
    datasets: [metrics, timeseries]
    examples:
      - name: rising
        input: { data: [1, 2, 3] }
        arguments: { window_size: 2 }
        expect: [{ original_data: [1, 2, 3], trends: [1.5, 2.5], direction: increasing }]
`;

/** File name to content. */
export function sampleData(): Record<string, string> {
  const regions = ["north", "south", "east", "west"];
  const names = ["lamp", "chair", "desk", "shelf", "rug", "clock"];
  const sales = Array.from({ length: 240 }, (_, i) => ({
    id: i + 1,
    day: `2026-${String((i % 12) + 1).padStart(2, "0")}-${String((i % 28) + 1).padStart(2, "0")}`,
    region: regions[i % 4],
    product: names[i % 6],
    revenue: 80 + ((i * 37) % 160),
    cost: 60 + ((i * 23) % 90),
  }));
  const products = names.map((name, i) => ({ name, revenue: 1_000 + i * 250, cost: 900 + i * 180 }));
  const series = (slope: number) => ({ unit: "ms", data: Array.from({ length: 30 }, (_, i) => 100 + i * slope + ((i * 7) % 5)) });
  return {
    "sales.json": JSON.stringify(sales, null, 1),
    "products.ndjson": products.map((product) => JSON.stringify(product)).join("\n"),
    "metrics.json": JSON.stringify(series(2)),
    "timeseries.json": JSON.stringify(series(-1)),
  };
}
