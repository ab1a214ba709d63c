-- Only a demo may move its clock.
grant update on clock to {service};
