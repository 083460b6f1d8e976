-- phase: expand
-- Names that questions know are read with every question; customers are many, their segments and places few.
ALTER TABLE customers
  ADD KEY ix_customers_place (segment, country, city);
