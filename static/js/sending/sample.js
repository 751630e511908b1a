/** A small table to try the page with; loaded when somebody does. */
export const sample = () => new File([[
  "name,email,joined,city,amount",
  "Nguyễn Thị Hoa, HOA.Nguyen@Example.VN ,01.03.2024,Huế,120.50",
  "Zoë Müller-Kranz,zoe@example.de,2023-11-17,Berlin,89.90",
  "Olabisi Adéyẹmí,O.Adeyemi@example.ng,2022/07/30,Ibadan,310",
  "Zoë Müller-Kranz,ZOE@example.de,2023-11-17,Berlin,89.90",
  "Ana Souza,ana.souza@example.br,5.1.2021,Recife,42.00", "",
].join("\n")], "customers.csv", { type: "text/csv" });
