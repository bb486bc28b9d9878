/*
 * The stubs of late.h, for x86-64: one `struct late_function` and one jump
 * through it for each line "late FUNCTION, LIBRARY, PACKAGE" of the list.
 */
.macro late function, library, package
	.text
	.globl	\function
	.hidden	\function
	.type	\function, @function
\function:
	jmp	*1f(%rip)
0:	lea	1f(%rip), %r11
	jmp	late_first

	.data
	.balign	8
1:	.quad	0b, 2f, 3f, 4f

	.section .rodata
2:	.asciz	"\function"
3:	.asciz	"\library"
4:	.asciz	"\package"
.endm

/*
 * A first call, of the function in %r11: binds it, and goes there with every
 * register that may hold an argument as the caller left it.
 */
	.text
	.type	late_first, @function
late_first:
	push	%rbp
	mov	%rsp, %rbp
	and	$-16, %rsp
	.irp	register, rax, rdi, rsi, rdx, rcx, r8, r9, r11
	push	%\register
	.endr
	sub	$128, %rsp
	.irp	nr, 0, 1, 2, 3, 4, 5, 6, 7
	movaps	%xmm\nr, 16*\nr(%rsp)
	.endr
	mov	%r11, %rdi
	call	late_bind
	.irp	nr, 0, 1, 2, 3, 4, 5, 6, 7
	movaps	16*\nr(%rsp), %xmm\nr
	.endr
	add	$128, %rsp
	pop	%r11
	mov	%rax, %r11
	.irp	register, r9, r8, rcx, rdx, rsi, rdi, rax
	pop	%\register
	.endr
	leave
	jmp	*%r11

	.data
	.balign	8
	.globl	late_first_function, late_last_function
	.hidden	late_first_function, late_last_function
late_first_function:
	.include "late_list.s"
	.data
late_last_function:
	.section .note.GNU-stack, "", @progbits
